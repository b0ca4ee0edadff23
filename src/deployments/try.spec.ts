import { dutyTest } from './duty-test.js';
import { deploymentRules, rulesInForce } from '../rulebook/deployment-rules.js';
import { hitsIn } from './reading.js';
import { readable } from './text.js';
import { cases } from '../../test/deployments/requests.js';
it('tries', () => {
  const out: string[] = [];
  for (const rule of [...deploymentRules.duties, ...deploymentRules.assistance, ...deploymentRules.nonPolice, ...deploymentRules.signals]) {
    const live = (t: string) => hitsIn(readable(t), rule, deploymentRules).some((h) => ('negative' in rule && rule.negative) || !h.negated && !(h.policed && rule.id.startsWith('NP') && !['NP12','NP13'].includes(rule.id)));
    for (const t of rule.hits) if (!live(t)) out.push(`RULE ${rule.id} should hit: ${t}`);
    for (const t of rule.misses) if (live(t)) out.push(`RULE ${rule.id} should miss: ${t}`);
  }
  let ok = 0;
  for (const c of cases) {
    const r = dutyTest(c.request, rulesInForce(deploymentRules, c.request.startsAt.slice(0, 10)));
    const d = r.reasons.find((x) => x.decisive)!;
    const codes = r.warnings.map((w) => w.code);
    const bad = [
      r.outcome !== c.outcome && `${r.outcome} not ${c.outcome}`,
      r.level !== c.level && `${r.level} not ${c.level}`,
      d.question !== c.decisive && `q${d.question} not q${c.decisive}`,
      ...c.warns.filter((w) => !codes.includes(w)).map((w) => `no ${w}`),
      ...c.lacks.filter((w) => codes.includes(w)).map((w) => `has ${w}`),
      ...c.edges.filter((w) => !r.edgeCases.some((e) => e.code === w)).map((w) => `no edge ${w}`),
    ].filter(Boolean);
    if (bad.length) out.push(`${c.id}: ${bad.join(', ')} | ${d.answer} | ${[...new Set(r.warnings.filter(w=>w.code!=='MISSING').map((w) => w.code+':'+w.text))].join(' ; ')}`);
    else ok += 1;
  }
  out.push(`${ok} of ${cases.length}`);
  require('fs').writeFileSync('/tmp/wtb-try.txt', out.join('\n'));
});
