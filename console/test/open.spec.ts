import { openForAllegations } from '../../src/intake/case.states.js';
import { openForAllegations as shown } from '../src/pages/cases/complete/open.js';

describe('the states in which an allegation may be completed', () => {
  it('are on the page of a case those of the server', () => {
    expect([...shown].sort()).toEqual([...openForAllegations].sort());
  });
});
