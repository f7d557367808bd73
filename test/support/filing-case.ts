import type { CaseDocument, FilingCase } from '../../knowledge/filing/filing-case.ts';
import type { Values } from '../../knowledge/filing/form.ts';

/** Made up; the certificate numbers are test values of the standards. */
export const sampleValues: Values = {
  filerKind: 'enterprise',
  serviceKind: 'website',
  filerProvince: '44',
  filerName: '广州明溪科技有限公司',
  creditCode: '91350100M000100Y43',
  contactName: '陈晓明',
  contactMobile: '13812345678',
  'filerLeader.name': '陈晓明',
  'filerLeader.idNumber': '11010519491231002X',
  'filerLeader.mobile': '13900001111',
  'onlineService.name': '明溪科技',
  'onlineService.domainName': 'mingxi-example.cn',
};

/** A case of the sample filer, as a form has it. */
export function sampleCase(number: string, { values = sampleValues, ...more }: Partial<FilingCase> = {}): FilingCase {
  const startedAt = Date.UTC(2026, 10, 27, 4);
  return {
    version: 1,
    number,
    filingType: 'initial',
    state: 'drafting',
    values,
    withheld: [],
    documents: [],
    startedAt,
    history: [{ at: startedAt, state: 'drafting', by: 'customer' }],
    ...more,
  };
}

/** The same case, submitted. */
export function submitted(filed: FilingCase): FilingCase {
  const openedAt = filed.startedAt + 60_000;
  return { ...filed, state: 'ready', openedAt, history: [...filed.history, { at: openedAt, state: 'ready', by: 'customer' }] };
}

export function sampleDocument(file: string): CaseDocument {
  return { kind: 'businessLicense', file, name: '执照.jpg', contentType: 'image/jpeg', at: Date.UTC(2026, 10, 27, 5) };
}
