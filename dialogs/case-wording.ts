import { type CaseState, isWithAgency } from '../knowledge/filing/filing-case.ts';
import { caseStateLabels } from './intake/wording.ts';

// What the bot says about cases that are not being filled in.

export const whichCase = '您有几份受理单，请问要看哪一份？';

export function caseGone(number: string): string {
  return `没有找到受理编号 ${number}，可能已经删除。要重新办理，请发“帮我备案”；有疑问，请发“转人工”。`;
}

export function stillFilling(number: string | undefined): string {
  return number ? `受理编号 ${number} 的资料还没填完，我们接着来。` : '您的资料还没填完，我们接着来。';
}

export function takenUp(number: string): string {
  return `找到了，受理编号 ${number}，之前填的内容都在。我们从没填的地方接着来。`;
}

export const leftForForm = '好的，我们接着填。';
export const left = '好的。还有问题随时问我。';

export function askNumber(parsed: { ok: boolean; problem?: { code: string } }): string {
  return parsed.problem?.code === 'case-number-check-digit'
    ? '这个受理编号对不上，多半是抄错了一位。请核对后再发一次，样子是 BA-20261127-1234567。'
    : '请发一下受理编号，样子是 BA-20261127-1234567。还没有提交过的，可以发“帮我备案”开始办理。';
}

export function askMobileEnd(number: string): string {
  return `受理编号 ${number}。为了确认是您本人，请发一下登记的联系手机的后四位。`;
}

export const askItem = '再核对一项：请发主办单位名称（个人发姓名）、域名，或证件号码的后六位，任选一样。';
export const notProved = '信息对不上，不能显示这份受理单。请核对受理编号、手机后四位和另一项后再试；也可以发“转人工”。';

export function shut(until: number): string {
  const at = new Date(until + 8 * 3_600_000);
  return `核对失败次数太多，为了保护资料，这份受理单到${at.getUTCMonth() + 1}月${at.getUTCDate()}日${at.getUTCHours()}时之前不能再查。着急的话，请发“转人工”。`;
}

export const askContact = '请留一个联系方式，比如手机号或微信号。只用于这次联系您，不作他用；不想留请发“取消”。';
export const contactUnclear = '没有认出联系方式，请发手机号、座机或微信号；不想留请发“取消”。';
export const willCallBack = '好的，已经转告工作人员，会尽快联系您。这期间有问题可以继续问我。';

export function whichDocumentOf(number: string): string {
  return `收到文件。要放进受理单 ${number} 的话，请选是哪种材料：`;
}

export function documentFiled(title: string, number: string): string {
  return `已把“${title}”放进受理单 ${number}。文件已加密保存，只有经办人员能看。`;
}

/** Words of the staff, told for theirs. */
export function staffSay(note: string): string {
  return `工作人员说明：${note}`;
}

export const amendHint = '填错了的内容可以直接说，例如“改联系手机”。';

export function moved(number: string): string {
  return `受理单 ${number} 已经在另一台设备或另一个窗口接着填写，这里不再保留填写内容。如果不是您本人操作，请马上发“转人工”。`;
}

export function stateChanged(number: string, state: CaseState, note?: string): string {
  const told = `您的受理单 ${number} 有新进展：**${caseStateLabels[state]}**。`;
  return note ? `${told}\n\n${staffSay(note)}` : told;
}

export const whichCaseToAmend = '您有几份受理单，请问要改哪一份？';
export const whichOfItems = '请问要改哪一项？';
export const leaveAmendment = '请再发一次；不改了请发“取消”。';

export function whichItem(labels: readonly string[]): string {
  return `请问要改哪一项？可以改：${labels.join('、')}。例如发“改邮箱”。`;
}

export function askNewValue(number: string, label: string, value: string): string {
  const now = value === '' ? `还没有填${label}` : `的${label}现在是 ${value}`;
  return `受理单 ${number} ${now}。请发新的内容；不改了请发“取消”。`;
}

export function sameAlready(label: string, value: string): string {
  return `${label}本来就是 ${value}，不用改。`;
}

export function amended(number: string, label: string, from: string | undefined, to: string): string {
  const changed = from ? `从 ${from} 改成 ${to}` : `填上：${to}`;
  return `已把受理单 ${number} 的${label}${changed}。改动前后的内容都记下来了，工作人员会按新的办。`;
}

/** For staff, as the customer's own change is left to them. */
export function changesOthers(label: string): string {
  return `改了“${label}”，受理单里的其他内容也要跟着变，不能只改这一项。请和客户核对后重新办理。`;
}

export function amendEnded(number: string): string {
  return `受理单 ${number} 已经结束，不能再改。要重新办理，请发“帮我备案”；有疑问，请发“转人工”。`;
}

/** Why a customer cannot change the case themselves, and what happens now. */
export function leftToStaff(number: string, state: CaseState): string {
  const noted = '您的要求已经记下，工作人员看到后会联系您';
  if (state === 'approved') return `受理单 ${number} 已经通过审核，备案里的内容要改，得另外办变更备案。${noted}；也可以现在就开始办。`;
  if (isWithAgency(state)) return `这一项关系到受理单 ${number} 的其他内容，要由工作人员来改。${noted}。`;
  return `受理单 ${number} 已经报出去了（${caseStateLabels[state]}），这时不能直接改。${noted}，告诉您怎么改。`;
}
