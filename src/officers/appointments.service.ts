import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { SYSTEM_STREAM } from '../audit/streams.js';
import { UnitOfWork, type Transaction } from '../audit/unit-of-work.js';
import { conflict, invalidInput, notFound } from '../common/errors.js';
import { newId } from '../common/ids.js';
import { rowsOf } from '../database/insert-rows.js';
import { newestFirst } from '../database/newest-first.js';
import { Organ } from '../organs/organ.entity.js';
import type { AppointDto, EndAppointmentDto, ListAppointmentsQuery } from './dto/officer.dto.js';
import { AppointmentPage, AppointmentView, ChangedAppointmentView } from './dto/officer.view.js';
import { Appointment, Officer } from './officer.entity.js';
import { OfficersService } from './officers.service.js';

/** The posts of officers. Each change raises the officer's version, since an officer is shown with them. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly officers: OfficersService,
  ) {}

  appoint(actor: Actor, officerId: string, dto: AppointDto): Promise<ChangedAppointmentView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const officer = await this.officers.lock(tx, officerId);
      const organ = await tx.manager.findOneBy(Organ, { id: dto.organId });
      if (!organ) throw invalidInput([{ pointer: '/organId', message: 'there is no organ with this id' }]);
      const { post, leads = false, validFrom, validTo = null } = dto;
      await refuseOverlap(tx, { officerId, organId: organ.id, post, validFrom, validTo });
      const appointment: Appointment = {
        id: newId(),
        officerId,
        organId: organ.id,
        post,
        leads,
        validFrom,
        validTo,
        recordedAt: tx.now,
        version: 1,
      };
      await tx.insert(rowsOf(Appointment, [appointment]));
      officer.version++;
      await tx.save(officer);
      tx.record({
        type: 'officer.appointed',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id: officerId, rev: officer.version },
        values: { appointmentId: appointment.id, organId: organ.id, post, leads, validFrom, validTo },
      });
      return ChangedAppointmentView.after(appointment, officer);
    });
  }

  /** An end that is set may come earlier, never later: a later appointment may have begun in reliance on it. */
  end(
    actor: Actor,
    officerId: string,
    id: string,
    version: number,
    { validTo, reason }: EndAppointmentDto,
  ): Promise<ChangedAppointmentView> {
    return this.unitOfWork.run(actor, async (tx) => {
      const officer = await this.officers.lock(tx, officerId, version);
      const appointment = await tx.manager.findOneBy(Appointment, { id, officerId });
      if (!appointment) throw notFound('appointment');
      const { validFrom, validTo: from } = appointment;
      if (validFrom !== null && validTo < validFrom) {
        throw invalidInput([
          { pointer: '/validTo', message: `must not be before its first day, ${validFrom}` },
        ]);
      }
      if (from !== null && validTo >= from) {
        throw conflict(
          'appointment-ended',
          `The appointment ends on ${from} already. Its end can only come earlier.`,
          {
            validTo: from,
          },
        );
      }
      appointment.validTo = validTo;
      appointment.recordedAt = tx.now;
      appointment.version++;
      await tx.save(appointment);
      officer.version++;
      await tx.save(officer);
      tx.record({
        type: 'officer.appointment-ended',
        stream: SYSTEM_STREAM,
        target: { kind: 'officer', id: officerId, rev: officer.version },
        values: { appointmentId: id, validTo: { from, to: validTo }, reason },
      });
      return ChangedAppointmentView.after(appointment, officer);
    });
  }

  /** The last entered first. Every signed-in person may see them. */
  async list(officerId: string, query: ListAppointmentsQuery): Promise<AppointmentPage> {
    const { manager } = this.dataSource;
    if (!(await manager.existsBy(Officer, { id: officerId }))) throw notFound('officer');
    const matching = manager
      .createQueryBuilder(Appointment, 'appointment')
      .where('appointment.officerId = :officerId', { officerId });
    return newestFirst(matching, query, (row) => AppointmentView.of(row));
  }
}

/**
 * Nobody holds the same post in the same organ twice on a day. The officer is locked, so no other appointment of
 * theirs can slip in between.
 */
async function refuseOverlap(
  tx: Transaction,
  wanted: Omit<Appointment, 'id' | 'leads' | 'recordedAt' | 'version'>,
): Promise<void> {
  const { officerId, organId, post, validFrom, validTo } = wanted;
  const other = await tx.manager
    .createQueryBuilder(Appointment, 'appointment')
    .where({ officerId, organId, post })
    .andWhere(
      `daterange(appointment.validFrom, appointment.validTo, '[]') && daterange(:validFrom::date, :validTo::date, '[]')`,
      { validFrom, validTo },
    )
    .getOne();
  if (!other) return;
  throw conflict(
    'appointment-overlaps',
    'The officer holds this post in this organ during that time already.',
    {
      appointmentId: other.id,
    },
  );
}
