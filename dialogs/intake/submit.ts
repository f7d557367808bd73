import { checklistPath } from '../../knowledge/filing/checklist-path.ts';
import { documentsFor } from '../../knowledge/filing/documents.ts';
import { nextSteps } from '../../knowledge/filing/next-steps.ts';
import { type Finding, reviewFiling } from '../../knowledge/filing/review.ts';
import { chinaDay } from '../china-day.ts';
import type { Choice, Reply } from '../reply.ts';
import { paragraphs } from '../say.ts';
import type { Response, Turn } from '../turn.ts';
import { choice } from './act.ts';
import { type Before, caseOf, valuesOf, withForm } from './commit.ts';
import { fields } from './fields.ts';
import type { Form } from './form.ts';
import { wordDocuments, wordFinding, wordFirstStep } from './review-wording.ts';
import { openFields, withheldFields } from './steps.ts';
import { linesOf, summaryText } from './summary-lines.ts';
import * as wording from './wording.ts';

const mostChangeChoices = 3;

/** Everything that was filled in, masked, with what would make the filing fail; each line can be changed. */
export function summarize(form: Form, turn: Turn, { said = [], replies = [], effects = [] }: Before = {}): Response {
  const { filingType } = form;
  if (!filingType) throw new Error('A form has a summary only when it is settled which case it is for.');
  const summary = linesOf(form);
  const findings = findingsOf(form, turn);
  const head = paragraphs(...said, wording.summaryHead(filingType));
  const lines = summaryText(summary);
  const withheld = withheldFields(form).map((key) => fields[key].label);
  const summaryAt = head.length + 2;
  const text = paragraphs(
    head,
    lines,
    withheld.length > 0 ? wording.withheldInSummary(withheld) : undefined,
    wordFindings(findings),
    wording.summaryTail,
  );
  const reply: Reply = {
    kind: 'summary',
    summary,
    summaryAt,
    summaryEnd: summaryAt + lines.length,
    ...(form.number && { caseNumber: form.number }),
    text,
    choices: summaryChoices(form, findings),
  };
  const { asked: _, ...complete } = form;
  return withForm(turn, { ...complete, paused: false }, [...replies, reply], effects);
}

function summaryChoices(form: Form, findings: readonly Finding[]): Choice[] {
  if (openFields(form).length > 0) return [choice(wording.continueLabel, { do: 'continue' }), choice(wording.laterLabel, { do: 'pause' })];
  const mustFix = findings.filter(({ severity }) => severity === 'must-fix');
  if (mustFix.length === 0)
    return [choice(wording.submitLabel, { do: 'submit', anyway: false }), choice(wording.laterLabel, { do: 'pause' })];
  const concerned = [...new Set(mustFix.flatMap((finding) => finding.fields))].filter((key) => form.values[key] !== undefined);
  return [
    ...concerned.slice(0, mostChangeChoices).map((field) => choice(`改${fields[field].label}`, { do: 'change', field })),
    choice(wording.submitAnywayLabel, { do: 'submit', anyway: true }),
    choice(wording.laterLabel, { do: 'pause' }),
  ];
}

function findingsOf(form: Form, { now }: Turn): Finding[] {
  return form.filingType ? reviewFiling(form.filingType, valuesOf(form), chinaDay(now)) : [];
}

function wordFindings(findings: readonly Finding[]): string {
  const list = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).map((each) => `- ${wordFinding(each)}`);
  const mustFix = list('must-fix');
  const takeCare = list('take-care');
  return paragraphs(
    mustFix.length > 0 ? paragraphs(wording.mustFix(mustFix.length), mustFix.join('\n')) : undefined,
    takeCare.length > 0 ? paragraphs(wording.takeCare, takeCare.join('\n')) : undefined,
  );
}

/** Opens the case, unless something is missing or has to be mended first. */
export function submit(form: Form, turn: Turn, anyway: boolean): Response {
  const { filingType, number } = form;
  if (!filingType || !number) return summarize(form, turn, { said: [wording.stillOpen] });
  const mended = findingsOf(form, turn).every(({ severity }) => severity !== 'must-fix');
  if (!mended && !anyway) return summarize(form, turn, { said: [wording.mendFirst] });
  const values = valuesOf(form);
  const today = chinaDay(turn.now);
  const documents = wordDocuments(documentsFor(filingType, values));
  const checklist = `${turn.agency.site ?? ''}${checklistPath(filingType, values)}`;
  const text = paragraphs(
    wording.opened(filingType, number),
    documents && paragraphs(wording.documentsHead(checklist), documents, wording.uploadHint),
    wording.nextStep(wordFirstStep(nextSteps(filingType, values, today))),
  );
  const choices = [choice(wording.progressLabel, { do: 'status', number })];
  return withForm(
    turn,
    undefined,
    [{ kind: 'opened', caseNumber: number, text, choices }],
    [{ kind: 'saveCase', case: caseOf(form, number, turn.now, 'ready') }],
  );
}
