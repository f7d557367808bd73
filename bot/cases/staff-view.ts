import { chinaDay, momentOf } from '../../dialogs/china-day.ts';
import { type Field, optionsOf } from '../../dialogs/intake/field.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import { caseStateLabels, filingTypeLabels, otherDocument } from '../../dialogs/intake/wording.ts';
import { provinces } from '../../knowledge/entities/province.ts';
import { documentTitles, isDocumentKind } from '../../knowledge/filing/document-kinds.ts';
import type { CaseChange, FilingCase } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys, listed, type Values } from '../../knowledge/filing/form.ts';
import { maskCertificate, maskCertificates } from '../../knowledge/text/mask.ts';
import type { AuditEntry } from './kept-case.ts';

/**
 * A value as staff read it: names for codes, and certificate numbers covered unless they are to be revealed. Names and phones are what
 * staff work with, and stay.
 */
export function staffValue(key: FieldKey, values: Values, reveal: boolean): string {
  const value = values[key];
  if (value === undefined) return '';
  const field = fields[key];
  if (reveal) return readable(field, value, values);
  if (field.privacy === 'certificate') return maskCertificate(value);
  // Credit codes are public; elsewhere a number may stand in the midst of a text.
  return key === 'creditCode' ? value : maskCertificates(readable(field, value, values));
}

function readable(field: Field, value: string, values: Values): string {
  const options = [...optionsOf(field, values), ...optionsOf(field, {})];
  if (options.length > 0)
    return listed(value)
      .map((code) => options.find((option) => option.value === code)?.label ?? code)
      .join('、');
  return field.show?.(value) ?? value;
}

/** One line for the list: number, state, type, province, begun on, filer and domain name. */
export function caseLine({ number, state, filingType, values, startedAt, openedAt }: FilingCase): string {
  const { filerProvince, filerName = '', contactName = '' } = values;
  const about = [filerName || contactName, values['onlineService.domainName']].filter(Boolean).map((text) => maskCertificates(text ?? ''));
  return [
    number,
    state.padEnd(21),
    filingType.padEnd(14),
    (provinceName(filerProvince) ?? '-').padEnd(4, '　'),
    chinaDay(openedAt ?? startedAt),
    ...about,
  ].join('  ');
}

/** The whole case, and who of the agency did what with it. */
export function caseLines(filed: FilingCase, entries: readonly AuditEntry[], reveal: boolean): string[] {
  const { number, state, filingType, values, withheld, documents, changes = [], history } = filed;
  return [
    `${number}  ${state} (${caseStateLabels[state]})  ${filingType} (${filingTypeLabels[filingType]})`,
    '',
    ...fieldKeys.filter((key) => values[key] !== undefined).map((key) => `  ${fields[key].label}: ${staffValue(key, values, reveal)}`),
    ...withheld.map((key) => `  ${fields[key].label}: withheld, to be collected by a person`),
    '',
    ...documents.map(
      ({ kind, name, contentType, at, unscanned }) =>
        `  document  ${momentOf(at)}  ${titleOf(kind)}  ${maskCertificates(name)}  ${contentType}${unscanned ? '  not scanned for viruses' : ''}`,
    ),
    ...changes.map(
      (change) =>
        `  ${change.kind === 'value' && change.by ? 'agency  ' : 'customer'}  ${momentOf(change.at)}  ${changeLine(change, filed, reveal)}`,
    ),
    ...history.map(
      ({ at, state: then, by, note }) =>
        `  history   ${momentOf(at)}  ${then}  by ${by}${note ? `: ${reveal ? note : maskCertificates(note)}` : ''}`,
    ),
    ...entries.map(
      ({ at, by, did, state: set, field, to }) =>
        `  audit     ${momentOf(at)}  ${[did, set, field && fields[field].label, to].filter(Boolean).join(' ')}  by ${by}`,
    ),
  ];
}

/** What the customer wanted otherwise: the old value and the new one, or what staff are to see to. */
function changeLine(change: CaseChange, { values }: FilingCase, reveal: boolean): string {
  const label = change.field ? fields[change.field].label : 'wish';
  if (change.kind === 'note') return `asks for  ${label}: ${reveal ? change.said : maskCertificates(change.said)}`;
  const { field, from, to } = change;
  const shown = (value: string | undefined) => (value === undefined ? '-' : staffValue(field, { ...values, [field]: value }, reveal));
  return `changed   ${label}: ${shown(from)} -> ${shown(to)}`;
}

function titleOf(kind: string): string {
  return `${kind} (${isDocumentKind(kind) ? documentTitles[kind] : otherDocument})`;
}

export function provinceName(code: string | undefined): string | undefined {
  return provinces.find((province) => province.code === code)?.shortName;
}
