export const en = {
  complete: 'Complete the allegation',
  completeOne: (no: number) => `Complete the allegation ${no}`,
  missing: 'Missing before the investigation can report',
  explain:
    'What is known by now, added to what stands there. Only what you change is recorded, with your reason, in the trail.',
  nothingChanged: 'Nothing is changed yet.',
  done: 'The allegation is completed.',
};
