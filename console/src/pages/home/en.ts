export const en = {
  title: 'What waits for you',
  rolesIn: 'Your roles',
  noRoles: 'You have no role in force today. An administrator grants them.',
  waiting: 'Waiting',
  urgency: { overdue: 'Past their day', soon: 'Due soon', waiting: 'To do' },
  nothing: 'Nothing waits for you',
  nothingHint: 'New work appears here as soon as it is yours.',
  notCounted: (lines: readonly string[]) => `These could not be counted: ${lines.join('; ')}.`,
  notices: 'You have to know',
  toAccount: 'To your account',
};
