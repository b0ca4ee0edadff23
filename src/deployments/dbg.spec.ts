import { deploymentRules } from '../rulebook/deployment-rules.js';
import { hitsIn } from './reading.js';
import { readable } from './text.js';
it('dbg', () => {
  for (const t of (process.env.T ?? '').split('||')) for (const r of [...deploymentRules.duties, ...deploymentRules.assistance, ...deploymentRules.nonPolice, ...deploymentRules.signals]) for (const h of hitsIn(readable(t), r, deploymentRules)) process.stdout.write(`${r.id} "${h.words}" ${['negated','policed','byOthers','conditional','besideViolence'].filter((k) => (h as any)[k]).join(' ')}\n`);
});
