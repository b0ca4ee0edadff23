import { Stack, Text } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useOrganName } from '../../../api/hooks.ts';
import { useCommonWords } from '../../../i18n/common.ts';
import { Section } from '../../../ui/Page.tsx';
import { HiddenField } from '../../../ui/states.tsx';
import { Lines } from '../../../ui/tables.tsx';
import { Money, Time } from '../../../ui/values.tsx';
import type { Request } from '../fields/values.ts';
import { useFieldWords } from '../fields/words.ts';
import { Marked } from '../Marked.tsx';
import type { Deployment } from '../states.tsx';
import { useWords } from '../words.ts';

type Line = readonly [label: string, value: ReactNode];

const list = (texts: readonly string[] | null | undefined): string => (texts ?? []).join('; ');

/** The whole request in words, group by group; what is not said is said to be missing. */
export function Asked({ row }: { row: Deployment }): JSX.Element {
  const words = useWords();
  const { groups, labels, codes } = useFieldWords();
  const common = useCommonWords();
  const organName = useOrganName();
  const hidden = row.redacted.includes('file');
  const { request } = row;
  const warnings = row.test?.warnings ?? [];
  const marked = (field: string, text: string | null | undefined): ReactNode =>
    text ? <Marked text={text} field={field} warnings={warnings} /> : null;
  const yesNo = (value: boolean | null | undefined): string | null =>
    value == null ? null : value ? common.yes : common.no;
  const { requester, law, limits } = request;
  const parts: readonly (readonly [title: string, lines: readonly Line[]])[] = [
    [
      groups.requester,
      [
        [words.requester, `${requester.name} (${codes.requester[requester.type]})`],
        [words.organ, organName(row.organId)],
        [labels.requester.contact, hidden ? <HiddenField key="contact" /> : requester.contact],
        [
          labels.requester.document.number,
          hidden ? (
            <HiddenField key="document" />
          ) : (
            [requester.document?.number, requester.document?.title].filter(Boolean).join(' · ')
          ),
        ],
        [labels.requester.signedBy, hidden ? <HiddenField key="signed" /> : requester.signedBy],
      ],
    ],
    [
      groups.what,
      [
        [words.purpose, marked('purpose', request.purpose)],
        [labels.activityType, request.activityType && codes.activity[request.activityType]],
        [labels.place, request.place],
        [
          words.begins,
          <span key="time">
            <Time at={row.startsAt} /> {words.until} <Time at={row.endsAt} />
          </span>,
        ],
        ...whatLines(request),
      ],
    ],
    [
      groups.tasks,
      request.tasks.map(({ code, text }, n) => [
        `${n + 1}. ${codes.task[code]}`,
        marked(`tasks[${n}].text`, text),
      ]),
    ],
    [groups.force, forceLines(request)],
    [
      groups.law,
      [
        [labels.law.duties, list(law?.duties?.map((n) => `${n} ${codes.duty[n as 1]}`))],
        [labels.law.articles, list(law?.articles)],
        [labels.law.leadAgency, law?.leadAgency],
        [labels.law.leadAgencyBasis, marked('law.leadAgencyBasis', law?.leadAgencyBasis)],
        [labels.law.assistanceDocument, marked('law.assistanceDocument', law?.assistanceDocument)],
        [labels.law.whyNotOwnStaff, marked('law.whyNotOwnStaff', law?.whyNotOwnStaff)],
      ],
    ],
    [
      groups.limits,
      [
        [labels.limits.commander, limits?.commander],
        [labels.limits.stopConditions, marked('limits.stopConditions', limits?.stopConditions)],
        [labels.limits.forbiddenActs, marked('limits.forbiddenActs', limits?.forbiddenActs)],
        [labels.limits.medical, limits?.medical],
        [labels.limits.interpreter, limits?.interpreter],
        [labels.limits.videoPlan, limits?.videoPlan],
      ],
    ],
    [groups.money, moneyLines(request, hidden)],
  ];
  return (
    <Section title={words.asked}>
      <Stack gap="md">
        {parts.map(([title, lines]) => (
          <Part key={title} title={title} lines={lines} />
        ))}
      </Stack>
    </Section>
  );

  function whatLines({
    expectedPeople,
    riskLevel,
    lifeOrCrimeAtStake,
    opposingPartiesPresent,
    disputes,
    documentNumbers,
  }: Request): Line[] {
    return [
      [labels.expectedPeople, expectedPeople == null ? null : String(expectedPeople)],
      [labels.riskLevel, riskLevel && codes.risk[riskLevel]],
      [labels.lifeOrCrimeAtStake, yesNo(lifeOrCrimeAtStake)],
      [labels.opposingPartiesPresent, yesNo(opposingPartiesPresent)],
      [labels.disputes, list(disputes?.map((one) => codes.dispute[one]))],
      [labels.documentNumbers, list(documentNumbers)],
    ];
  }

  function forceLines({ force }: Request): Line[] {
    const counts = (['officers', 'auxiliaries', 'vehicles', 'dogs', 'drones'] as const)
      .filter((name) => name === 'officers' || force[name] != null)
      .map((name) => `${labels.force[name]}: ${force[name]}`);
    return [
      [words.force, counts.join(' · ')],
      [labels.force.weapons, force.weapons && codes.weapons[force.weapons]],
      [labels.force.bodyCameras, yesNo(force.bodyCameras)],
      [labels.force.uniformed, yesNo(force.uniformed)],
      [labels.force.units, list(force.units)],
      [labels.force.equipment, list(force.equipment)],
    ];
  }

  function moneyLines({ money }: Request, isHidden: boolean): Line[] {
    if (isHidden) return [[groups.money, <HiddenField key="money" />]];
    return [
      [labels.money.fee, money?.fee && <Money value={money.fee} />],
      [labels.money.meals, yesNo(money?.meals)],
      [labels.money.sponsor, money?.sponsor],
      [labels.money.payer, money?.payer],
    ];
  }
}

/** What is said, a line each; what is not said in one line under it, so that the page stays short. */
function Part({ title, lines }: { title: string; lines: readonly Line[] }): JSX.Element {
  const words = useWords();
  const isSaid = ([, value]: Line): boolean => value !== null && value !== undefined && value !== '';
  const missing = lines.filter((line) => !isSaid(line)).map(([label]) => label);
  return (
    <div>
      <Text component="h3" fw={600} size="sm" mb={4}>
        {title}
      </Text>
      <Lines lines={lines.filter(isSaid)} />
      {missing.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          {words.notSaid(missing.join(' · '))}
        </Text>
      )}
    </div>
  );
}
