import { tellsRows } from '../audit/disclosures.js';
import type { HistoryEntry } from '../audit/history.service.js';
import { UNSEALED, type Place } from '../log/log.service.js';
import { HistoryEntryView, type PlacedEntryView } from './dto/case-file.view.js';

/**
 * An entry of the trail for a reader. A value that they may not see is left out, and with it the disclosure that would
 * prove it.
 */
export function historyEntryView(
  entry: HistoryEntry,
  visible: (name: string) => boolean,
  names: ReadonlyMap<string, string>,
): HistoryEntryView {
  const seen = entry.values.filter(({ name }) => visible(name));
  return Object.assign(new HistoryEntryView(), {
    seq: entry.seq,
    at: entry.at.toISOString(),
    event: entry.event,
    type: entry.type,
    words: entry.words,
    actor: { ...entry.actor, name: names.get(entry.actor.uid) ?? null },
    target: entry.target,
    values: seen.filter(({ name }) => !tellsRows(name)).map(({ name, value }) => ({ name, value })),
    erased: entry.erased,
    altered: entry.altered,
    proof: { ...entry.proof, disclosures: seen.map(({ content }) => content) },
  });
}

/** Each entry with its place in the log. */
export const placed = (
  views: readonly HistoryEntryView[],
  places: ReadonlyMap<number, Place>,
): PlacedEntryView[] => views.map((view) => ({ ...view, ...(places.get(view.seq) ?? UNSEALED) }));
