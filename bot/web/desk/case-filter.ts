import { caseStateLabels, filingTypeLabels } from '../../../dialogs/intake/wording.ts';
import type { CaseFilter } from '../../cases/filter.ts';
import { provinceNames } from './provinces.ts';
import { oneLine, plain } from './words.ts';

/** Which cases a filter leaves, for people: 状态：…；省份：广东. `worker`: the name behind `agent`. */
export function filterText(
  { state, type, province, agent, search, olderThanDays, newerThanDays }: CaseFilter,
  worker: string | undefined,
): string {
  const parts = [
    state && `状态：${plain(caseStateLabels[state])}`,
    type && `业务：${plain(filingTypeLabels[type])}`,
    province && `省份：${provinceNames.find(([code]) => code === province)?.[1] ?? province}`,
    agent && `经办人：${agent === 'none' ? '还没有' : oneLine(worker ?? agent)}`,
    newerThanDays !== undefined && `最近${newerThanDays}天`,
    olderThanDays !== undefined && `${olderThanDays}天以前`,
    search && `包含：${oneLine(search)}`,
  ];
  return parts.filter(Boolean).join('；') || '全部受理单';
}
