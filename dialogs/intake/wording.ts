import type { CaseState, FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Agency } from '../messages.ts';

// What the bot says while a case is filled in. The questions themselves stand in fields/, problems and remarks in explain.ts.

export const filingTypeLabels: Record<FilingType, string> = {
  initial: '首次备案',
  'add-service': '新增服务（网站、App等）',
  'add-access': '新增接入',
  change: '变更备案',
  'cancel-filer': '注销主体',
  'cancel-service': '注销服务（网站、App等）',
  'cancel-access': '取消接入',
  'recover-access': '找回备案信息',
  license: '许可证咨询（ICP证、EDI证）',
};

export const caseStateLabels: Record<CaseState, string> = {
  drafting: '资料还没填完',
  ready: '已提交，等工作人员核对',
  submitted: '已报给接入商',
  'provider-review': '接入商正在初审',
  'sms-pending': '等负责人做短信核验',
  'administration-review': '通信管理局正在审核',
  approved: '已通过',
  returned: '被退回，需要修改',
  cancelled: '已取消',
  erased: '资料已按要求删除',
};

/** On a button under an answer. */
export function doForMe(type: FilingType): string {
  return type === 'license' ? '请你们看看我要不要办许可证' : `帮我办${filingTypeLabels[type].replace(/（.*）/, '')}`;
}
export const inquireLabel = '查我的办理进度';

export function opening(type: FilingType): string {
  return `好的，开始填写**${filingTypeLabels[type]}**。我一次问一项，您也可以几项一起发。随时可以提问，或发“上一步”“还差什么”“稍后再填”“取消”。`;
}

export function goOn(type: FilingType | undefined): string {
  return `您的${type ? filingTypeLabels[type] : '办理'}还没填完，我们接着来。`;
}

/** Of the two texts by which consent is asked for: raise it with every change of what they say. */
export const consentVersion = 1;

/** What is collected, what for, how long it is kept: asked before the first personal item (个人信息保护法, articles 14 and 17). */
export function consentAsked({ name, contact, kept }: Agency): string {
  return [
    '**接下来要填到个人信息，请先看一下用途：**',
    [
      `- 收集人：${name}${contact ? `，联系方式：${contact}` : ''}`,
      '- 收集什么：联系人和负责人的姓名、手机、邮箱、地址，以及您上传的材料',
      '- 用来做什么：只为办理这次业务，会提交给您选的接入商和通信管理局',
      `- 保存多久：没提交的草稿保存${kept.draftDays}天；提交后保存到办结后${kept.caseDays}天，到期删除`,
      '- 您的权利：随时可以查看、更正、停止填写，发“删除我的信息”就会删除',
    ].join('\n'),
    '证件号码到那一步会再单独问您。未满14岁的，请由监护人联系工作人员办理。您同意吗？',
  ].join('\n\n');
}

export function certificateConsentAsked(): string {
  return [
    '**接下来要填证件号码，属于敏感个人信息，需要您单独同意。**',
    '备案系统要求填写负责人的证件号码，用来核对身份。号码会加密保存，聊天里只显示头尾几位，只交给接入商和通信管理局。不想在这里填的，由工作人员另外联系您收取。',
  ].join('\n\n');
}

/** Asked once more, after something else was said. */
export function consentAgain(to: 'general' | 'certificates'): string {
  return to === 'general' ? '**上面的个人信息说明，您同意吗？**' : '**您同意在这里填写证件号码吗？**';
}

export function whyConsent(to: 'general' | 'certificates'): string {
  return to === 'general'
    ? '没有这些信息，接入商和通信管理局不会受理。资料加密保存，只用于办理这次业务；不想在这里填，可以选“不同意”，改由工作人员联系您。'
    : '备案要实名到人，管局会核对负责人的证件号码。号码加密保存，只显示头尾几位；也可以选“不在这里填”，由工作人员联系您收取。';
}

/** A number that came before the consent for it. */
export const certificateNotTaken = '证件号码我还没有记，要您单独同意以后再发。';

export const agree = '同意，继续';
export const disagree = '不同意';
export const agreeCertificates = '同意填写证件号码';
export const disagreeCertificates = '不在这里填';

export function consentRefused(): string {
  return '好的，没有您的同意，我不会收集这些信息。您仍然可以随时提问；想办理的话，也可以请工作人员联系您，当面或电话办理。';
}

export function certificatesLeftOut(): string {
  return '好的，证件号码就不在这里填了，工作人员会另外联系您收取。我们接着填其他项。';
}

export const callBackLabel = '请工作人员联系我';

export function numberGiven(number: string): string {
  return `谢谢。您的受理编号是 **${number}**，请记下来：换手机或电脑后，凭它可以接着填、查进度。`;
}

export function noted(lines: readonly string[]): string {
  return lines.length === 1 ? `已记下${lines[0]?.replace(/[。.]$/, '')}。` : `已记下：\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

export function current(value: string): string {
  return `现在填的是：${value}。不改就发“继续”。`;
}

export function exampleOf(example: string | undefined): string {
  return example
    ? `例如：${example.length > longestExample ? `${example.slice(0, 12)}…（共${example.length}位）` : example}`
    : '这一项没有固定格式，照实填写就行。';
}

const longestExample = 100;

export function meant(value: string): string {
  return `您要填的是不是 **${value}**？`;
}

export const yesThat = '是，就用这个';
export const noAsTyped = '不是，按我填的';
export const noAgain = '不是，重新填';

export const confirmCancel = '确定要取消吗？取消后，填过的内容和上传的材料都会删除，无法恢复。';
export const cancelLabel = '确定取消';
export const keepLabel = '不取消，接着填';
export const cancelled = '已经取消，填过的内容也删除了。还有问题随时问我。';

export const confirmRestart = '确定要从头填吗？已经填好的内容会清空。';
export const restartLabel = '清空重填';
export const keepFillingLabel = '不清空，接着填';
export const restarted = '好的，已清空，我们从第一个问题重新开始。';

export function confirmSwitch(now: FilingType | undefined, next: FilingType | undefined): string {
  return `您正在填${now ? filingTypeLabels[now] : '一份受理单'}，还没完成。要换成${next ? filingTypeLabels[next] : '另一项业务'}吗？换了以后，现在填的内容会删除。`;
}
export const switchLabel = '换成新的';
export const staySameLabel = '先填完现在的';

export function paused(number: string | undefined): string {
  const where = number ? `受理编号 **${number}**，在这里发“继续”就能接着填；换了设备，发编号给我就行。` : '在这里发“继续”就能接着填。';
  return `好的，已经替您存好了。${where}`;
}

export const firstQuestion = '这已经是第一个问题了。';
export const cannotSkip = '这一项是必填的，不能跳过。手头没有的话，可以发“稍后再填”，内容会保留。';
/** To somebody who looks for a paper: nothing is asked until it is there. */
export const waiting = '好的，不着急，找到了直接发给我。要过些时候的，可以发“稍后再填”，填过的都在。';
export const unsure = '拿不准的话，可以发“转人工”；也可以发“稍后再填”，问清楚了再接着来。';

/** To a sigh or worse in the middle of a form. */
export function sorryInForm(open: number): string {
  return `抱歉，让您费心了。${open > 0 ? `还有${open}项就填完了；` : ''}想歇一会儿可以发“稍后再填”，想找人办可以发“转人工”。`;
}

export const skipped = '好的，先跳过。';

export function missing(labels: readonly string[], withheld: readonly string[]): string {
  const open = labels.length > 0 ? `还差${labels.length}项：${labels.join('、')}。` : '都填好了，可以提交了。';
  return withheld.length > 0 ? `${open}\n\n另外，${withheld.join('、')}由工作人员另行收取。` : open;
}

export function whichToChange(labels: readonly string[]): string {
  return labels.length > 1 ? '您要改的是哪一项？' : '没有找到您说的这一项。';
}

export function changeable(labels: readonly string[]): string {
  if (labels.length === 0) return '目前还没有填过可以改的内容。';
  const how = `请发“改”加名称，例如“改${labels[0]}”。`;
  return labels.length > mostNamed ? `发“汇总”可以看到填过的各项。${how}` : `可以改的有：${labels.join('、')}。${how}`;
}

const mostNamed = 8;

export function mustRefill(label: string, cause: string, reason: string): string {
  return `因为改了${cause}，原来填的“${label}”不能用了，请重新填：${reason}`;
}

export function changedTo(label: string, value: string): string {
  return `已把${label}改为 ${value}。`;
}

export function taken(label: string): string {
  return `这看起来是“${label}”，我记到那一项了。`;
}

export function beforeConsent(): string {
  return '您发来的内容里有个人信息，需要您先同意下面的说明，我才能记下来；同意后请再发一次。';
}

export function secretsUnwanted(): string {
  return '请不要在这里发密码或短信验证码，我们不需要，也不会保存。如果刚才发的是真的密码，建议您尽快修改。';
}

export const settleFirst = '我没看懂这句话，请先回答下面这一项。';
export const askAgainPrefix = '回到刚才的问题：';
export const continueLabel = '继续填写';
export const laterLabel = '稍后再填';

export function summaryHead(type: FilingType): string {
  return `**请核对${filingTypeLabels[type]}的内容**`;
}

export const summaryTail = '要改哪一项，请发“改”加名称，例如“改邮箱”。';
export const submitLabel = '确认提交';
export const submitAnywayLabel = '仍然提交，请工作人员看';

export function mustFix(count: number): string {
  return `**有${count}处需要先处理，否则多半会被退回：**`;
}

export const takeCare = '**还有几点请留意：**';

export function withheldInSummary(labels: readonly string[]): string {
  return `${labels.join('、')}由工作人员另行联系您收取。`;
}

export function opened(type: FilingType, number: string): string {
  return `**已提交。**您的${filingTypeLabels[type]}受理编号是 **${number}**，请保存好。`;
}

export const stillOpen = '还有内容没填完，填完就可以提交。';
export const mendFirst = '还没有提交：下面标出的几处要先处理。拿不准的，可以选“仍然提交”，请工作人员看。';

export function documentsHead(path: string): string {
  return `**请准备这些材料**（[打印清单](${path})）：`;
}
/** What comes first; the steps after it, with their days, are told on 查进度. */
export function nextStep(first: string): string {
  return `接下来，${first}\n\n想看后面每一步和预计日期，发“查进度”。`;
}
export const progressLabel = '查进度';
export const uploadHint = '材料照片可以直接在这里发给我，要彩色、四角齐全、不反光。';

export function whichDocument(count: number): string {
  return `收到${count === 1 ? '文件' : `${count}个文件`}。请问是哪种材料？`;
}
export const otherDocument = '其他材料';

export function documentKept(title: string, count: number): string {
  return `已收好：${title}${count > 1 ? `（${count}个文件）` : ''}。文件已加密保存，只有经办人员能看。`;
}

export const filesDropped = '好的，刚才的文件没有收。';
/** When the talk went on before it was said what the files are. */
export const filesAside = '刚才的文件先按“其他材料”收好了，工作人员会归类。';

export const filesBeforeConsent = '收到文件了，不过要您先同意上面的个人信息说明，我才能收进受理单。同意后请再发一次。';

export const severalHint = '可以选几项，例如发“1、3”，或者发名称，用顿号隔开。';

export const changeFilingLabel = '办理变更备案';

/** Said to the agent who fills in a form for the customer. */
export const noFormToFill = '客户现在没有正在填写的受理单。';
export const noConsentToFill = '客户还没有同意收集这类信息，不能代填。结束会话后，机器人会先请客户同意。';
export const formToFillFirst = '客户已经有正在填写的受理单，不能再开一张。';
