import type { Page } from '../../common/pages.js';
import type { Appointment, Officer } from '../officer.entity.js';

/** The system that an imported officer comes from, and the key there. */
export class OfficerOriginView {
  system: string;
  key: string;
}

export class OfficerView {
  id: string;
  /** Null where the source of an import has none. */
  badgeNumber: string | null;
  /** Null where the source of an import names nobody. */
  name: string | null;
  rank: string | null;
  birthYear: number | null;
  /** Null for an officer who was recorded here. */
  origin: OfficerOriginView | null;
  /** Send it as If-Match with a change. It rises with each appointment, too. */
  version: number;

  static of(officer: Officer): OfficerView {
    const { id, badgeNumber, name, rank, birthYear, originSystem, originKey, version } = officer;
    const origin =
      originSystem !== null && originKey !== null ? { system: originSystem, key: originKey } : null;
    return Object.assign(new OfficerView(), { id, badgeNumber, name, rank, birthYear, origin, version });
  }
}

export class AppointmentView {
  id: string;
  officerId: string;
  organId: string;
  post: string;
  /** Heads the organ. */
  leads: boolean;
  /** The first day; null where the source of an import does not tell. */
  validFrom: string | null;
  /** The last day; null while it has none. */
  validTo: string | null;

  static of({ id, officerId, organId, post, leads, validFrom, validTo }: Appointment): AppointmentView {
    return Object.assign(new AppointmentView(), { id, officerId, organId, post, leads, validFrom, validTo });
  }
}

export class ChangedAppointmentView extends AppointmentView {
  /** The officer's version now: the one to send as If-Match with the next change. */
  officerVersion: number;

  static after(appointment: Appointment, officer: Officer): ChangedAppointmentView {
    return Object.assign(new ChangedAppointmentView(), AppointmentView.of(appointment), {
      officerVersion: officer.version,
    });
  }
}

export class OfficerWithAppointmentsView extends OfficerView {
  /** All of them, the last entered first. */
  appointments: AppointmentView[];

  static with(officer: Officer, appointments: readonly Appointment[]): OfficerWithAppointmentsView {
    return Object.assign(new OfficerWithAppointmentsView(), OfficerView.of(officer), {
      appointments: appointments.map((appointment) => AppointmentView.of(appointment)),
    });
  }
}

export class OfficerPage implements Page<OfficerView> {
  items: OfficerView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}

export class AppointmentPage implements Page<AppointmentView> {
  items: AppointmentView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
