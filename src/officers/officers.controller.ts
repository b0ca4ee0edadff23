import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { RecordsRead, RecordsSearch } from '../audit/recorded-reads.js';
import { Needs } from '../http/needs.js';
import { CurrentActor } from '../http/current-actor.js';
import { IdParam } from '../http/id-param.js';
import { IfMatch } from '../http/if-match.js';
import {
  AppointDto,
  CreateOfficerDto,
  EndAppointmentDto,
  ListAppointmentsQuery,
  ListOfficersQuery,
  UpdateOfficerDto,
} from './dto/officer.dto.js';
import {
  AppointmentPage,
  ChangedAppointmentView,
  OfficerPage,
  OfficerView,
  OfficerWithAppointmentsView,
} from './dto/officer.view.js';
import { AppointmentsService } from './appointments.service.js';
import { OfficersService } from './officers.service.js';

@Controller('officers')
export class OfficersController {
  constructor(
    private readonly officers: OfficersService,
    private readonly appointments: AppointmentsService,
  ) {}

  /** The officers, newest first. */
  @Get()
  @Needs('read', 'Officer')
  @RecordsSearch('officers')
  list(@Query() query: ListOfficersQuery): Promise<OfficerPage> {
    return this.officers.list(query);
  }

  /** One officer with the appointments. */
  @Get(':id')
  @Needs('read', 'Officer')
  @RecordsRead(({ id, version }: OfficerWithAppointmentsView, _request, actor) => ({
    type: 'officer.read',
    stream: actor.userId,
    target: { kind: 'officer', id, rev: version },
  }))
  get(@IdParam() id: string): Promise<OfficerWithAppointmentsView> {
    return this.officers.get(id);
  }

  /** Records an officer. */
  @Post()
  @Needs('create', 'Officer')
  create(@CurrentActor() actor: Actor, @Body() dto: CreateOfficerDto): Promise<OfficerView> {
    return this.officers.create(actor, dto);
  }

  /** Changes what is recorded about an officer. */
  @Patch(':id')
  @Needs('update', 'Officer')
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IfMatch() version: number,
    @Body() dto: UpdateOfficerDto,
  ): Promise<OfficerView> {
    return this.officers.update(actor, id, version, dto);
  }

  /** The appointments of an officer, the last entered first. */
  @Get(':id/appointments')
  @Needs('read', 'Officer')
  @RecordsRead((_: AppointmentPage, { params }, actor) => ({
    type: 'officer.read',
    stream: actor.userId,
    target: { kind: 'officer', id: params['id'] as string },
  }))
  listAppointments(@IdParam() id: string, @Query() query: ListAppointmentsQuery): Promise<AppointmentPage> {
    return this.appointments.list(id, query);
  }

  /** Appoints an officer to a post in an organ. */
  @Post(':id/appointments')
  @Needs('update', 'Officer')
  appoint(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body() dto: AppointDto,
  ): Promise<ChangedAppointmentView> {
    return this.appointments.appoint(actor, id, dto);
  }

  /** Ends an appointment on a day, or on an earlier day than it had. */
  @Post(':id/appointments/:appointmentId/end')
  @Needs('update', 'Officer')
  @HttpCode(200)
  endAppointment(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @IdParam('appointmentId') appointmentId: string,
    @IfMatch() version: number,
    @Body() dto: EndAppointmentDto,
  ): Promise<ChangedAppointmentView> {
    return this.appointments.end(actor, id, appointmentId, version, dto);
  }
}
