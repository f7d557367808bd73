import { accepted, type Result, refused } from '../entities/result.ts';
import { type FilingType, filingTypes } from './filing-case.ts';
import { listed, type Values } from './form.ts';
import { changeItems, filerKinds, licenseTasks, lostAccessKinds, preApprovalSectors, serviceKinds } from './kinds.ts';
import { codeOf, isProvince, type Sector, type Situation, situationOf } from './situation.ts';

/** Where the printable list of documents for a case stands: codes only, nothing that tells who the customer is. */
export function checklistPath(type: FilingType, values: Values): string {
  const situation = situationOf(type, values);
  const parameters: [string, string | undefined][] = [
    ['type', type],
    ['filer', situation.filer],
    ['province', situation.province],
    ['service', situation.service],
    ['sectors', situation.sectors.join(',')],
    ['changes', situation.changes.join(',')],
    ['leader', situation.leader],
    ['service-leader', situation.serviceLeader],
    ['certificate', situation.certificate],
    ['industry', situation.industry ? 'yes' : undefined],
    ['mobile-lost', situation.mobileLost ? 'yes' : undefined],
    ['lost', situation.lost],
    ['task', situation.task],
  ];
  const given = parameters.flatMap(([name, value]) => (value ? [`${name}=${value}`] : []));
  return `/checklist?${given.join('&')}`;
}

export type ChecklistProblem = { code: 'parameter-unknown' | 'parameter-twice' | 'code-unknown'; parameter: string };

/** What the query of such an address says. */
export function readChecklistQuery(query: URLSearchParams): Result<Situation, ChecklistProblem> {
  const given = new Map<string, string>();
  for (const [name, value] of query) {
    if (!Object.hasOwn(readers, name)) return refused({ code: 'parameter-unknown', parameter: name.slice(0, 40) });
    if (given.has(name)) return refused({ code: 'parameter-twice', parameter: name });
    given.set(name, value);
  }
  const situation: Partial<Situation> = {};
  for (const [name, read] of Object.entries(readers)) {
    const value = given.get(name);
    if (value === undefined) continue;
    const part = read(value);
    if (!part) return refused({ code: 'code-unknown', parameter: name });
    Object.assign(situation, part);
  }
  const { type } = situation;
  if (type === undefined) return refused({ code: 'code-unknown', parameter: 'type' });
  return accepted({ sectors: [], changes: [], industry: false, mobileLost: false, ...situation, type });
}

type Reader = (value: string) => Partial<Situation> | undefined;

const types = Object.fromEntries(filingTypes.map((type) => [type, type])) as Record<FilingType, FilingType>;

const readers: Readonly<Record<string, Reader>> = {
  type: one('type', types),
  filer: one('filer', filerKinds),
  province: (value) => (isProvince(value) ? { province: value } : undefined),
  service: one('service', serviceKinds),
  sectors: (value) => several<Sector, 'sectors'>('sectors', value, preApprovalSectors),
  changes: (value) => several<keyof typeof changeItems, 'changes'>('changes', value, changeItems),
  // `other` as in leader=other, spelled out for the legal representative.
  leader: one('leader', { 'legal-representative': true, other: true }),
  'service-leader': one('serviceLeader', { same: true, other: true }),
  certificate: one('certificate', { local: true, elsewhere: true }),
  industry: (value) => (value === 'yes' ? { industry: true } : undefined),
  'mobile-lost': (value) => (value === 'yes' ? { mobileLost: true } : undefined),
  lost: one('lost', lostAccessKinds),
  task: one('task', licenseTasks),
};

function one<Code extends string>(key: keyof Situation, table: Readonly<Record<Code, unknown>>): Reader {
  return (value) => (codeOf(value, table) === undefined ? undefined : { [key]: value });
}

function several<Code extends string, Key extends string>(
  key: Key,
  value: string,
  table: Readonly<Record<Code, unknown>>,
): { [K in Key]: Code[] } | undefined {
  const codes = listed(value);
  const known = codes.flatMap((code) => codeOf(code, table) ?? []);
  return known.length === codes.length ? ({ [key]: [...new Set(known)] } as { [K in Key]: Code[] }) : undefined;
}
