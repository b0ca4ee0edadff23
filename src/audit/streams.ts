/** The stream of the system itself: keys, organs, officers, rules. Streams of cases, deployments and users have the row's own id. */
export const SYSTEM_STREAM = '00000000-0000-7000-8000-000000000000';

/** The account as which the command line and the background jobs act. */
export const SYSTEM_USER = '00000000-0000-7000-8000-000000000001';
