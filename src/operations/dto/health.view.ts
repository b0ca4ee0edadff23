/** One thing that must work, as the ready check asks it. */
export class HealthCheckView {
  name: string;
  up: boolean;
}

/** How the program and its trail are, in numbers: nothing of any entry. */
export class OperationsHealthView {
  /** Everything works that has to. */
  ready: boolean;
  checks: HealthCheckView[];
  /** Since when this process runs. */
  startedAt: string;
  /** Size of the log, and when it last grew. */
  logSize: number;
  sealedAt: string | null;
  /** Entries that wait for the sealer, and for how many seconds the oldest has. */
  waiting: number;
  sealLagSeconds: number;
  /** Entries that the sealer refused and nobody has dealt with. */
  openQuarantines: number;
  /** The largest checkpoint that enough witnesses have cosigned; null when there is none. */
  witnessedSize: number | null;
  /** When a part of the log was last verified, and whether it held. */
  lastVerifiedAt: string | null;
  lastVerificationHeld: boolean | null;
}
