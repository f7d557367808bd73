import type { ImportPlan } from './plan-import.ts';
import { keyOf, type SheetKind, type SubjectRow, subjectSheet, type TopicRow, topicSheet } from './sheets.ts';
import { wording } from './wording.ts';

const mostLines = 6;
const longestLine = 60;

/** What an import changes, in a few lines for the editor. A category's new name is said once, not for each of its topics. */
export function describeTopics(plan: ImportPlan<TopicRow>, { remove }: { remove: boolean }): string[] {
  const titles = new Map(
    plan.changed.flatMap(({ before, after }) =>
      before && before.category === after.category && before.title !== after.title
        ? [[after.category, describeField(wording.retitled(after.category), before.title, after.title)]]
        : [],
    ),
  );
  const changed = plan.changed
    .map((row) => (titles.has(row.after.category) ? { ...row, fields: row.fields.filter((field) => field !== 'title') } : row))
    .filter(({ fields }) => fields.length > 0);
  return [
    ...[...titles.values()].flat(),
    ...describe(topicSheet, { ...plan, changed }, remove, ({ question }) => question),
    ...(remove ? [] : renamed(plan)),
  ];
}

/** A new entry with the question of one that is gone is most likely the same one under another id. */
function renamed({ changed, missing }: ImportPlan<TopicRow>): string[] {
  return changed.flatMap(({ before, after }) => {
    const former = before === undefined && missing.find(({ question }) => question === after.question);
    return former ? [wording.renamed(former.id, after.id)] : [];
  });
}

export function describeSubjects(plan: ImportPlan<SubjectRow>, { remove }: { remove: boolean }): string[] {
  return describe(subjectSheet, plan, remove, ({ messages }) => wording.messages(messages.length));
}

function describe<R>(kind: SheetKind<R>, plan: ImportPlan<R>, remove: boolean, caption: (row: R) => string): string[] {
  const added = plan.changed.filter(({ before }) => before === undefined).map(({ after }) => after);
  const name = (row: R) => `${keyOf(kind, row)}  ${shorten(caption(row))}`;
  const changes = plan.changed.flatMap(({ before, after, fields }) =>
    before === undefined
      ? []
      : [
          `  ~ ${name(before)}`,
          ...kind.columns
            .filter(({ field }) => fields.includes(field))
            .flatMap(({ heading, write }) => describeField(heading, write(before), write(after))),
        ],
  );
  return [
    ...section(
      wording.added(added.length),
      added.map((row) => `  + ${name(row)}`),
    ),
    ...section(wording.changed(plan.changed.length - added.length), changes),
    ...section(
      remove ? wording.removed(plan.missing.length) : wording.missing(plan.missing.length),
      plan.missing.map((row) => `  - ${name(row)}`),
    ),
  ];
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines];
}

function describeField(heading: string, before: string, after: string): string[] {
  if (!`${before}${after}`.includes('\n')) {
    const [old, now] = aroundDifference(before, after);
    return [`      ${heading}：${old || wording.empty()} → ${now || wording.empty()}`];
  }
  const [old, now] = [before.split('\n'), after.split('\n')];
  const [gone, come] = [without(old, now), without(now, old)];
  if (gone.length + come.length === 0) return [`      ${heading}：${wording.otherOrder()}`];
  // As many lines gone as come: most likely the same ones in other words.
  const pairs = gone.length === come.length ? gone.map((line, at) => aroundDifference(line, come[at] ?? '')) : [];
  const shown = (lines: readonly string[], sign: string, side: 0 | 1) =>
    atMost(lines.map((line, at) => `        ${sign} ${pairs[at]?.[side] ?? shorten(line)}`));
  return [`      ${heading}：${wording.lines(come.length, gone.length)}`, ...shown(gone, '−', 0), ...shown(come, '+', 1)];
}

/** Two lines from a little before the place where they begin to differ. */
function aroundDifference(before: string, after: string): [string, string] {
  const [old, now] = [[...before], [...after]];
  let same = 0;
  while (same < old.length && old[same] === now[same]) same += 1;
  const from = Math.max(old.length, now.length) > longestLine ? Math.max(0, same - 12) : 0;
  const cut = (characters: string[]) => (from > 0 ? '…' : '') + shorten(characters.slice(from).join(''));
  return [cut(old), cut(now)];
}

/** The lines of one text that another does not have, as often as it has them. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0 && line.trim() !== '';
  });
}

function atMost(lines: readonly string[]): string[] {
  if (lines.length <= mostLines) return [...lines];
  return [...lines.slice(0, mostLines), `        ${wording.moreLines(lines.length - mostLines)}`];
}

function shorten(line: string): string {
  const characters = [...line];
  return characters.length <= longestLine ? line : `${characters.slice(0, longestLine).join('')}…`;
}
