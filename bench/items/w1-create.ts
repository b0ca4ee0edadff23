import { newId } from '../../src/common/ids.js';
import type { CreateCaseDto } from '../../src/intake/dto/case.dto.js';
import { RegistrationService } from '../../src/intake/registration.service.js';
import { madeIn, statementTemplate } from '../capture.js';
import { API, APP_CONNECTIONS, cycle, pick, type Comparison, type Place } from '../items.js';
import { DATABASE_CONNECTIONS } from '../load.js';

/** Create a case with one allegation: validation, permission, trail events, one transaction. */
export async function create(place: Place): Promise<Comparison> {
  const officers = await place.rows<{ id: string }>('SELECT id FROM app.officer ORDER BY id LIMIT 1000');
  const intake = cycle(await Promise.all([1, 2, 3, 4].map((n) => place.account(`intake-${n}`))));
  const officer = pick(officers, 1);

  const sender = intake();
  const subject = officer().id;
  const body = intakeOf(sender.organId, subject);
  const actor = await place.capture.actor(sender.id);
  const { statements, result } = await place.capture.statements(() =>
    place.capture.service(RegistrationService).create(actor, body as unknown as CreateCaseDto),
  );
  // What is new in each case: its reference and every id that the application made for it.
  const made = madeIn(statements, [
    sender.id,
    sender.organId,
    subject,
    ...actor.grants.flatMap((grant) => grant.organIds),
  ]);
  const templates = statements.map((statement) => statementTemplate(statement, [result.reference, ...made]));

  return {
    statements,
    contestants: [
      {
        name: 'app',
        connections: APP_CONNECTIONS,
        work: async () => {
          const { token, organId } = intake();
          await place.caller.call('POST', `${API}/cases`, token, intakeOf(organId, officer().id));
        },
      },
      {
        name: 'db',
        connections: DATABASE_CONNECTIONS,
        work: async (connection) => {
          const fill = ['', ...made.map(() => newId())];
          for (const template of templates) {
            const statement = template(fill);
            const rows = await place.straight.send(connection, statement);
            if (statement.text.includes('nextval')) fill[0] = `PL-2026-${String(rows[0]![0])}`;
          }
        },
      },
    ],
  };
}

const intakeOf = (organId: string, officerId: string): Record<string, unknown> => ({
  channel: 'HOTLINE',
  receivedAt: '2025-03-02T09:15:00+08:00',
  receivingOrganId: organId,
  reporter: { kind: 'NAMED', name: 'Reporter 举报人甲', contact: '+86 000 0000' },
  statement:
    'They took 500 yuan at the night market and gave no receipt. When I asked for one they told me to leave. ' +
    '他们在夜市收了五百元，没有开收据。我要收据的时候，他们让我走开。',
  allegations: [
    {
      category: 'ARBITRARY_FINE',
      occurredFrom: '2025-02-27T10:00:00+08:00',
      place: 'Night market 夜市',
      organId,
      subjects: [{ officerId, role: 'PRINCIPAL' }],
      affectedPersons: [
        { name: 'Payer 付款人乙', injuryLevel: 'NONE', loss: { amount: '500.00', currency: 'CNY' } },
      ],
      facts: {
        kind: 'FINE',
        basisExists: false,
        discoveredAt: '2025-03-01T08:00:00+08:00',
        onDuty: true,
        consequence: 'MINOR',
        payers: [
          {
            person: { name: 'Payer 付款人乙' },
            amount: { amount: '500.00', currency: 'CNY' },
            receiptIssuer: 'NONE',
          },
        ],
      },
    },
  ],
});
