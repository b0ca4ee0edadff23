import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.js';
import { identityField } from '../access/policy.js';
import { canonical } from '../audit/canonical.js';
import { disclosureDigest } from '../audit/disclosures.js';
import { publicKeyOf, Writer } from '../audit/writer.js';
import type { CaseHistory, HistoryEntryView } from '../casefiles/dto/case-file.view.js';
import { Clock } from '../common/clock.js';
import type { Hash } from '../log/merkle.js';
import { line, noteOf, parseCheckpoint, parseNote, verifierKey } from '../log/note.js';
import { PolicyFile } from '../log/policy-file.js';
import { parsePolicy, type Policy } from '../log/policy.js';
import { BundleFile } from './bundle-file.js';
import { BundleLog, type ShownCheckpoint, type ShownHead } from './bundle-log.js';
import { reportHtml, verifyText } from './bundle-texts.js';
import { caseCsv } from './case-csv.js';
import { CaseExportService } from './case-export.service.js';
import { Refused } from './export-work.js';
import { verifierFile } from './verifier-file.js';

/** How long a bundle waits for the sealer and the witnesses, in milliseconds. */
export const BUNDLE_PATIENCE = 'plumbline:bundle-patience';

/** What a bundle is of, and for whom. */
export interface BundleOrder {
  readonly caseId: string;
  readonly purpose: string;
  readonly recipient: string | null;
  readonly signal?: AbortSignal;
}

const hashLines = (hashes: readonly Hash[]): string =>
  hashes.map((hash) => `${hash.toString('base64')}\n`).join('');
const numbered = (seq: number): string => String(seq).padStart(6, '0');
const proofText = (index: number, hashes: readonly Hash[], checkpoint: string): string =>
  `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashLines(hashes)}\n${checkpoint}`;

/** Makes the bundle by which an outsider can verify the history of a case without trusting this installation. */
@Injectable()
export class CaseBundleService {
  constructor(
    private readonly log: BundleLog,
    private readonly histories: CaseExportService,
    private readonly clock: Clock,
    private readonly writer: Writer,
    private readonly policyFile: PolicyFile,
    @Inject(BUNDLE_PATIENCE) private readonly patience: number,
  ) {}

  /**
   * The bytes of a bundle. Waits until the history is sealed, in a map of heads and witnessed; when that takes too
   * long the bundle is made all the same and says itself what it lacks.
   * @throws Refused when there is nothing that could be proven
   */
  async make(
    actor: Actor,
    { caseId, purpose, recipient, signal }: BundleOrder,
  ): Promise<AsyncIterable<Uint8Array>> {
    const policyText = await this.policyFile.text();
    if (policyText === undefined) {
      throw new Refused('This installation has no policy file: the log is not set up.');
    }
    const policy = parsePolicy(policyText);
    await this.log.complete(caseId, policy, this.patience, signal);
    const sealed = Math.max(-1, ...(await this.log.places(caseId)).values());
    const last = await this.log.last(policy, sealed);
    const head = last && (await this.log.head(caseId, last.size));
    // Read last, so that nothing that the map of heads names is missing, whatever was written meanwhile.
    const places = await this.log.places(caseId);
    const exportedBy = await this.histories.nameOf(actor);
    const said = { exportedAt: this.clock.now(), exportedBy, purpose };
    const history = await this.histories.history(actor, caseId, said);
    const events = last ? provable(history.events, places, last.size, head?.seq) : [];
    if (!last || events.length === 0) {
      throw new Refused('Nothing of the case is sealed yet: the sealer does not run, or waits.');
    }
    const file = new BundleFile();
    const shown = { ...history, events };
    await this.addEntries(file, shown.events, places, last);
    await this.addCheckpoints(
      file,
      events.flatMap(({ seq }) => places.get(seq) ?? []),
      last,
      policy,
    );
    if (head) await this.addHead(file, head, last);
    await this.addReading(file, shown, policyText);
    this.addManifest(file, actor, shown, last, head);
    file.end();
    return file.content(recipient);
  }

  private async addEntries(
    file: BundleFile,
    events: readonly HistoryEntryView[],
    places: ReadonlyMap<number, number>,
    last: ShownCheckpoint,
  ): Promise<void> {
    for (const event of events) {
      const no = numbered(event.seq);
      file.add(`entries/${no}.env`, event.proof.envelope);
      file.add(`bodies/${no}.json`, event.proof.body);
      const disclosed = await this.disclosures(event);
      if (disclosed.length > 0) file.add(`disclosures/${no}.json`, canonical(disclosed));
    }
    const sealed = events.filter(({ seq }) => places.has(seq));
    const indices = sealed.map(({ seq }) => places.get(seq)!);
    let i = 0;
    for await (const hashes of this.log.inclusions(indices, last.size)) {
      file.add(`proofs/${numbered(sealed[i]!.seq)}.tlog-proof`, proofText(indices[i]!, hashes, last.note));
      i++;
    }
  }

  /** What the reader may see, and which values were erased. */
  private async disclosures({ proof, erased }: HistoryEntryView): Promise<object[]> {
    const values = proof.disclosures.map((text) => {
      const content = Buffer.from(text, 'utf8');
      return { digest: disclosureDigest(content).toString('base64'), content: content.toString('base64') };
    });
    const gone = erased.map(async ({ digest, erasedBy: event }) => ({
      digest,
      erasedBy: { event, leaf: await this.log.leafOf(event) },
    }));
    return [...values, ...(await Promise.all(gone))];
  }

  private async addCheckpoints(
    file: BundleFile,
    places: readonly number[],
    last: ShownCheckpoint,
    policy: Policy,
  ): Promise<void> {
    const series = await this.log.series(places, last, policy);
    let before: number | undefined;
    for (const { size, note } of series) {
      const proof = before === undefined ? [] : await this.log.consistency(before, size);
      file.add(`checkpoints/${size}.note`, note);
      file.add(`checkpoints/${size}.consistency`, hashLines(proof));
      before = size;
    }
    const sizes = series.map(({ size }) => size);
    for (const { size, token } of await this.log.timeStamps(sizes)) file.add(`timestamps/${size}.tsr`, token);
  }

  private async addHead(file: BundleFile, head: ShownHead, last: ShownCheckpoint): Promise<void> {
    const { event, index, line, lineIndex, count, proof } = head;
    file.add('heads/entry.env', event.proof.envelope);
    file.add('heads/body.json', event.proof.body);
    for await (const hashes of this.log.inclusions([index], last.size)) {
      file.add('heads/proof.tlog-proof', proofText(index, hashes, last.note));
    }
    file.add('heads/line.txt', line);
    file.add('heads/map.proof', `index ${lineIndex} of ${count}\n${hashLines(proof)}`);
  }

  /** What is for reading and for checking, and is no evidence itself. */
  private async addReading(file: BundleFile, history: CaseHistory, policyText: string): Promise<void> {
    file.add('policy.txt', policyText);
    file.add('verify.mjs', await verifierFile('verify.mjs'));
    file.add('verify.html', await verifierFile('page.html'));
    file.add('VERIFY.md', verifyText(history.file.reference));
    file.add('report.html', [...reportHtml(history)].join(''));
    file.add('events.csv', [...caseCsv(history)].join(''));
  }

  private addManifest(
    file: BundleFile,
    actor: Actor,
    { file: { id, reference, redacted }, events, purpose, exportedAt }: CaseHistory,
    last: ShownCheckpoint,
    head: ShownHead | undefined,
  ): void {
    const manifest = {
      case: id,
      checkpoint: last.size,
      entries: events.length,
      // In the order of their names, as RFC 8785 wants it.
      files: Object.fromEntries(Object.entries(file.hashes).sort(([a], [b]) => (a < b ? -1 : 1))),
      generatedAt: exportedAt,
      heads: head?.atSize ?? null,
      origin: parseCheckpoint(parseNote(last.note).text).origin,
      profile: redacted.includes(identityField) ? 'NO_IDENTITY' : 'FULL',
      purpose,
      reference,
      requestedBy: actor.userId,
      v: 1,
    };
    const bytes = Buffer.from(JSON.stringify(manifest), 'utf8');
    const digest = createHash('sha256').update(bytes).digest('base64');
    const text = `plumbline-bundle/v1\n${digest}\n`;
    const key = verifierKey('writer', 1, publicKeyOf(this.writer.publicKey));
    file.add('manifest.json', bytes);
    file.add('manifest.note', noteOf(text, [line(key, this.writer.sign(text))]));
  }
}

/**
 * The entries that can be proven: without a gap from the first on, sealed or followed by sealed ones (then the log
 * refused them and they were set aside), and none that came after the map of heads.
 */
function provable(
  events: readonly HistoryEntryView[],
  places: ReadonlyMap<number, number>,
  size: number,
  headSeq = Infinity,
): HistoryEntryView[] {
  const sealed = (seq: number): boolean => (places.get(seq) ?? Infinity) < size;
  const end = events.findLastIndex(({ seq }) => sealed(seq) && seq <= headSeq);
  return events.slice(0, end + 1);
}
