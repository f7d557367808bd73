import { documentTitle } from '../../dialogs/intake/document-choices.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import { caseStateLabels, filingTypeLabels } from '../../dialogs/intake/wording.ts';
import type { CaseChange } from '../../knowledge/filing/filing-case.ts';
import { type FieldKey, fieldKeys } from '../../knowledge/filing/form.ts';
import { maskCertificates } from '../../knowledge/text/mask.ts';
import { nextStates } from '../cases/case-states.ts';
import type { AgencyCase, AuditEntry } from '../cases/kept-case.ts';
import { provinceName, staffValue } from '../cases/staff-view.ts';
import type { CaseLine, CaseView, Colleague } from './desk-api.ts';

/** The names of those who may work on cases. */
export type Colleagues = ReadonlyMap<string, Colleague>;

/** One line of the list. */
export function caseLineOf(filed: AgencyCase, colleagues: Colleagues): CaseLine {
  const { number, state, filingType, values, startedAt, openedAt, history, agent } = filed;
  const province = provinceName(values.filerProvince);
  const domainName = values['onlineService.domainName'];
  const worker = agent === undefined ? undefined : (colleagues.get(agent) ?? { id: agent, name: agent });
  return {
    number,
    state,
    stateName: caseStateLabels[state],
    type: filingType,
    typeName: filingTypeLabels[filingType],
    ...(province && { province }),
    filer: maskCertificates(values.filerName ?? values.contactName ?? ''),
    ...(domainName && { domainName: maskCertificates(domainName) }),
    startedAt,
    ...(openedAt !== undefined && { openedAt }),
    changedAt: history.at(-1)?.at ?? startedAt,
    ...(worker && { agent: worker }),
  };
}

/** The whole case; certificate numbers are covered wherever they stand. */
export function caseViewOf(filed: AgencyCase, entries: readonly AuditEntry[], colleagues: Colleagues): CaseView {
  const { state, filingType, values, withheld, documents, history, changes = [], holder } = filed;
  return {
    ...caseLineOf(filed, colleagues),
    items: fieldKeys
      .filter((field) => values[field] !== undefined)
      .map((field) => ({
        field,
        label: fields[field].label,
        value: staffValue(field, values, false),
        ...(isCovered(field) && { covered: true as const }),
      })),
    withheld: withheld.map((field) => ({ field, label: fields[field].label })),
    documents: documents.map(({ kind, file, name, contentType, at, unscanned }) => ({
      file,
      title: documentTitle(kind, { filingType, values }),
      name: maskCertificates(name),
      contentType,
      at,
      ...(unscanned && { unscanned }),
    })),
    history: history.map(({ at, state: then, by, note }) => ({
      at,
      stateName: caseStateLabels[then],
      by,
      ...(note !== undefined && { note: maskCertificates(note) }),
    })),
    changes: changes.map((change) => changeOf(change, filed)),
    audit: entries.map(auditOf),
    next: nextStates(state).map((next) => ({ state: next, name: caseStateLabels[next] })),
    ...(holder !== undefined && { conversation: holder }),
  };
}

/** Whether an item is shown covered, so that it takes a reason to see it. */
export function isCovered(field: FieldKey): boolean {
  return fields[field].privacy === 'certificate';
}

function changeOf(change: CaseChange, { values }: AgencyCase): CaseView['changes'][number] {
  const label = change.field && { label: fields[change.field].label };
  if (change.kind === 'note') return { at: change.at, by: 'customer', ...label, said: maskCertificates(change.said) };
  const { at, field, from, to, by = 'customer' } = change;
  const shown = (value: string) => staffValue(field, { ...values, [field]: value }, false);
  return { at, by, ...label, ...(from !== undefined && { from: shown(from) }), to: shown(to) };
}

function auditOf({ at, by, did, state, field, to }: AuditEntry): CaseView['audit'][number] {
  const what = [state && caseStateLabels[state], field && fields[field].label, to].filter(Boolean).join('，');
  return { at, by, did, ...(what && { what }) };
}
