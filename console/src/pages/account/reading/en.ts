export const en = {
  title: 'Questions about your reading',
  lead: 'Why did you look? A part of all reading is asked about, whoever read; an auditor judges the answer.',
  questions: 'Weekly sample',
  questionsHint:
    'Reads drawn by lot each week. An answer is due within seven days; without one it is judged as it stands.',
  alerts: 'Reading that stood out',
  alertsHint: 'A rule noticed these. Being asked is no reproach: say what the reading was for.',
  noCase: 'Of which case is not said here, nor in what you answer: give the task, not names.',
  readAt: 'Read at',
  what: 'What you did',
  stated: 'Purpose you gave then',
  due: 'Answer due',
  state: 'State',
  answer: 'What you said',
  deed: 'Step',
  sayWhy: 'Say why',
  why: 'Why you looked',
  whyHint: 'The task that it was for. It goes into the trail and cannot be changed later.',
  whyShort: 'Say it in three characters at the least.',
  asked: (what: string) => `You are asked about: ${what}`,
  answered: 'Your answer is recorded.',
  saidNothing: 'nothing',
  noQuestions: {
    WAITING: 'No question waits for you',
    ANSWERED: 'No answer of yours waits for its judgement',
    JUDGED: 'No question to you is judged yet',
  },
  noAlerts: {
    WAITING: 'No reading of yours stands out',
    ANSWERED: 'No answer of yours waits for its judgement',
    JUDGED: 'Nothing about you is judged yet',
  },
  show: 'Show',
  stages: { WAITING: 'Waiting for you', ANSWERED: 'Answered, not judged yet', JUDGED: 'Judged' },
  purposes: { UNSTATED: 'none', BREAK_GLASS: 'Breaking the glass, in an emergency' },
  questionStates: {
    OPEN: 'Asked',
    OVERDUE: 'Overdue',
    ANSWERED: 'Answered',
    JUDGED: 'Judged',
  },
  alertStates: { OPEN: 'Asked', ANSWERED: 'Answered', CLOSED: 'Closed' },
  refusals: {
    'already-answered': 'You have said why already.',
    'already-judged': 'It is judged already; nothing more can be said.',
    'already-closed': 'It is closed already; nothing more can be said.',
  },
  lines: {
    questions: 'Questions about your reading',
    alerts: 'Reading of yours that stood out, to explain',
  },
  link: 'See the questions about your reading',
  linkHint: 'What you are asked about your reading, and what you said.',
  notice: (count: number) =>
    count === 1
      ? 'You are asked why you looked at something.'
      : `You are asked ${count} times why you looked.`,
};
