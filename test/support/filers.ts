import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Values } from '../../knowledge/filing/form.ts';
import type { FilerKind } from '../../knowledge/filing/kinds.ts';

/** What a filer of each kind answers where the examples of the items, which are a company's, do not fit. Nobody real. */
export const filers: Record<FilerKind, Values> = {
  individual: { filerKind: 'individual', filerName: '张示例', 'onlineService.name': '青禾摄影笔记' },
  enterprise: { filerKind: 'enterprise' },
  'individual-business': { filerKind: 'individual-business', filerName: '示例市青禾面馆', creditCode: '92110101MA0000007P' },
  'public-institution': { filerKind: 'public-institution', filerName: '示例市青禾图书馆', creditCode: '12110000MA0000007C' },
  government: { filerKind: 'government', filerName: '示例市青禾局', creditCode: '12110000MA0000007C' },
  'social-organization': { filerKind: 'social-organization', filerName: '示例市青禾协会', creditCode: '51110000MA0000007B' },
  'private-non-enterprise': { filerKind: 'private-non-enterprise', filerName: '示例市青禾养老院', creditCode: '52110000MA00000078' },
  foundation: { filerKind: 'foundation', filerName: '示例市青禾基金会', creditCode: '53110000MA00000075' },
  'law-firm': { filerKind: 'law-firm', filerName: '示例市青禾律师事务所', creditCode: '12110000MA0000007C' },
  'foreign-representative': { filerKind: 'foreign-representative', filerName: '青禾公司示例市代表处', creditCode: '12110000MA0000007C' },
  military: { filerKind: 'military', filerName: '示例部队', creditCode: '12110000MA0000007C' },
  other: { filerKind: 'other', filerName: '示例市青禾公证处', creditCode: '12110000MA0000007C' },
};

/** How customers ask for each case. */
export const wishes: Record<FilingType, string> = {
  initial: '帮我办首次备案',
  'add-service': '我们公司要新增一个网站备案',
  'add-access': '新增接入',
  change: '我要办变更备案',
  'cancel-filer': '注销主体',
  'cancel-service': '注销网站',
  'cancel-access': '取消接入',
  'recover-access': '帮我找回备案信息',
  license: '办ICP证',
};
