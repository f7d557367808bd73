import type { FieldKey } from '../../knowledge/filing/form.ts';
import type { SummaryLine } from '../reply.ts';
import { valuesOf } from './commit.ts';
import { fields } from './fields.ts';
import type { Form } from './form.ts';
import { shown } from './show.ts';
import { stepsOf } from './steps.ts';

interface Group {
  group: string;
  /** Each with a word for it, where its value does not speak for itself. */
  items: readonly (readonly [FieldKey] | readonly [FieldKey, string])[];
}

/** Items that are read together: those of one certificate, the ways to reach one person. */
const groups: readonly Group[] = [
  { group: '联系人', items: [['contactName'], ['contactMobile']] },
  { group: '主体', items: [['filerName'], ['filerKind'], ['creditCode']] },
  ...ofLeader('filerLeader', '主体负责人'),
  { group: '法定代表人', items: [['legalRepresentative.name'], ['legalRepresentative.idNumber', '证件号']] },
  { group: '域名', items: [['onlineService.domainName'], ['registrant', '持有人'], ['registrantVerified', '实名']] },
  ...ofLeader('serviceLeader', '服务负责人'),
];

function ofLeader(person: 'filerLeader' | 'serviceLeader', title: string): Group[] {
  return [
    { group: title, items: [[`${person}.name`], [`${person}.idNumber`, '证件号'], [`${person}.validity`, '有效期']] },
    { group: `联系${title}`, items: [[`${person}.mobile`], [`${person}.emergencyMobile`, '应急'], [`${person}.email`]] },
  ];
}

const groupOf = new Map(
  groups.flatMap(({ group, items }) =>
    items.map(([key, short], at) => [key, { group, at, ...(short !== undefined && { short }) }] as const),
  ),
);

/** The items of a summary, in the order of asking; those of a group stand together, where the first of them is asked. */
export function linesOf(form: Form): SummaryLine[] {
  const { filingType } = form;
  const values = valuesOf(form);
  const steps = filingType ? stepsOf(filingType, form.values) : [];
  const keys = [...new Set<FieldKey>([...steps, ...(Object.keys(values) as FieldKey[])])].filter((key) => values[key] !== undefined);
  const place = (key: FieldKey) => keys.findIndex((each) => each === key || sameGroup(each, key));
  const sorted = [...keys].sort((a, b) => place(a) - place(b) || (groupOf.get(a)?.at ?? 0) - (groupOf.get(b)?.at ?? 0));
  return sorted.map((field) => {
    const { label } = fields[field];
    const { group, short } = groupOf.get(field) ?? {};
    const isAlone = keys.filter((each) => sameGroup(each, field)).length < 2;
    const line = { field, label, value: shown(field, values), change: `改${label}` };
    return isAlone || group === undefined ? line : { ...line, group, ...(short && { short }) };
  });
}

function sameGroup(a: FieldKey, b: FieldKey): boolean {
  const group = groupOf.get(a)?.group;
  return group !== undefined && group === groupOf.get(b)?.group;
}

/** The same as text, a line for each group. */
export function summaryText(lines: readonly SummaryLine[]): string {
  return lines
    .map(({ label, value, group, short }, at) => {
      const said = short ? `${short} ${value}` : value;
      const goesOn = group !== undefined && lines[at - 1]?.group === group;
      return goesOn ? `，${said}` : `${at > 0 ? '\n' : ''}- ${group ?? label}：${said}`;
    })
    .join('');
}
