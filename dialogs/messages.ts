import type { BusinessHours } from '../knowledge/calendar/business-hours.ts';
import type { ServiceType } from '../knowledge/entities/filing-number.ts';
import type { Administration } from '../knowledge/entities/province.ts';
import type { FaqEntry, Source } from '../knowledge/faq-entry.ts';
import type { FileRefusal, Unread } from './message.ts';
import type { SmallTalk } from './small-talk.ts';

/** Who the bot works for; shown to customers. */
export interface Agency {
  name: string;
  /** How a person is reached, as the operator worded it: 电话 …，工作日 9:00–18:00. */
  contact?: string;
  /** Its people at the desk; left out: they are reached by `contact` only. Without hours they are there whenever somebody is signed in. */
  desk?: { hours?: BusinessHours };
  /** Where its bot is reached, such as https://bot.example.com: links to its pages are absolute with it. */
  site?: string;
  /** Days that personal data are kept: of a draft after its last change, and of a case after it has ended. */
  kept: { draftDays: number; caseDays: number };
}

// Every Chinese sentence the bot itself says. Answers to questions stand in knowledge/faq.

export function greeting({ name }: Agency): string {
  return `您好，我是${name}的备案助手，可以解答网站备案（ICP备案）和许可证方面的常见问题，每条回答都附有依据和核对日期。\n\n请直接打字提问。`;
}

export const startLabel = '帮我办理备案';

export const mostAskedInvitation = '大家常问的有：';

export function help(): string {
  return '您可以直接打字问备案方面的问题，比如“审核要多久”“域名冲突怎么办”。\n\n需要时也可以发送：\n\n- **帮我备案**：填写受理单，由我们代办\n- **我的备案到哪了**：查办理进度\n- **转人工**：找工作人员\n- **重新开始**：换个话题，从头再来\n- **删除我的信息**：删掉聊天记录和填过的资料';
}

export function restarted(): string {
  return '好的，我们重新开始。请问您想了解什么？';
}

export function nothingToStop(): string {
  return '目前没有正在进行的办理，您可以直接提问。';
}

/** Appended to every answer: what it rests on and when it was last checked. */
export function provenance({ sources, reviewed, confirm }: FaqEntry): string {
  return [...(confirm ? [`请留意：${confirm}`] : []), restsOn(sources.map(cite), reviewed)].join('\n\n');
}

/** What an answer rests on, each source worded by `cite` or alike, and when it was last checked. */
export function restsOn(cited: readonly string[], reviewed: string): string {
  return [
    ...(cited.length > 0 ? [`依据：${cited.join('；')}`] : []),
    `核对日期：${reviewed}。具体要求以当地通信管理局和接入商的最新规定为准。`,
  ].join('\n\n');
}

/** An administration's name, with its public site. */
export function administrationLink({ name, site, siteInDoubt }: Administration): string {
  return siteInDoubt ? `${name}（资料中的官网是 ${site}，网址可能已变）` : `[${name}](https://${site}/)`;
}

export function cite({ title, issuer, published, url }: Pick<Source, 'title' | 'issuer' | 'published' | 'url'>): string {
  return `${url ? `[${title}](${url})` : title}（${issuer}，${published}）`;
}

export function expired(entry: FaqEntry, agency: Agency): string {
  return `关于“${withoutMark(entry.question)}”，我手上的资料只核对到 ${entry.expires}，之后规定可能有变，不能当作现行要求告诉您。${askPerson(agency)}`;
}

/** Above choices that are shown apart from what was said. */
export const choiceInvitation = '请选择：';

export const answerInvitation = '这个回答有用吗？';
export const answerInvitationWithMore = '这个回答有用吗？也可以接着问：';

export function suggestion(): string {
  return '我不太确定您问的是哪一件事。';
}

export const suggestionInvitation = '您想问的是不是：';

export function unknown(agency: Agency, misses: number): string {
  const sorry = '抱歉，这个问题我这里没有可靠的资料，不敢随便回答。';
  const next = misses > 1 ? askPerson(agency) : `您可以换个说法再问一次，尽量说清要办的事。${askPerson(agency)}`;
  return `${sorry}\n\n${next}`;
}

export function unreadable(): string {
  return '抱歉，我没看懂这条消息。请用一句话告诉我您想问什么，比如“备案要多久”。';
}

export const unknownInvitation = '也可以看看大家常问的：';

export function filesReceived(count: number): string {
  return `收到您发来的${count === 1 ? '文件' : `${count}个文件`}。我目前只能看懂文字，请用一句话告诉我您想问什么。`;
}

export function filesNotReceived(): string {
  return '抱歉，这个渠道发来的文件我收不到。请到我们网站的对话窗口里上传，或者先用文字说明。';
}

/** Each says what to do instead. */
export function cannotRead(what: Unread): string {
  switch (what) {
    case 'voice':
      return '抱歉，我听不了语音，请打字告诉我。';
    case 'video':
      return '抱歉，我看不了视频，请打字告诉我；材料请拍成照片发来。';
    case 'location':
      return '位置收到了，不过我看不懂地图。想问哪个省份的规定，请直接打字告诉我。';
    case 'link':
      return '抱歉，我打不开链接，请把想问的内容打字告诉我。';
    case 'sticker':
      return '这个表情我看不到，请打字告诉我您想问什么。';
    case 'file':
      return '抱歉，这类文件我收不了。请拍成照片，或者转成 JPG、PNG、PDF 再发。';
    case 'picture':
      return '抱歉，这张图片没收到，可能太大或已损坏。请换一张再发，不超过10 MB。';
    case 'infected':
    case 'unscanned':
    case 'unasked':
    case 'too-much':
    case 'pdf-too-long':
    case 'pdf-locked':
    case 'pdf-unreadable':
      return fileRefused(what);
  }
}

/** Said where the file was sent, which may be before any turn. */
export function fileRefused(why: FileRefusal): string {
  switch (why) {
    case 'infected':
      return '抱歉，这份文件没有收下：安全检查发现它可能带有病毒。请换一份，或者重新拍照再发。';
    case 'unscanned':
      return '抱歉，文件暂时收不了：安全检查这会儿用不了。请过一会儿再发，或者用别的方式交给工作人员。';
    case 'unasked':
      return '现在还用不到文件，这份没有收下。要办备案请先发“帮我备案”；已经在填的，请先按提示同意收集资料，或者接着填。想让工作人员看截图，请先发“转人工”。';
    case 'too-much':
      return '这个对话里的文件加起来已到50 MB，这次的没有收下。请把图片压缩后再发，或者发“转人工”，请工作人员帮忙。';
    case 'pdf-too-long':
      return '这份PDF超过20页，没有收下。请只发需要的那几页，或者拍成照片发来。';
    case 'pdf-locked':
      return '这份PDF设了打开密码，没有收下。请去掉密码再发，或者拍成照片发来。';
    case 'pdf-unreadable':
      return '这份PDF打不开，可能已经损坏，没有收下。请重新导出或扫描一份再发，或者拍成照片发来。';
  }
}

export function noPersonOnline(agency: Agency): string {
  return `这里暂时没有在线的工作人员可以接入。${askPerson(agency)}`;
}

function askPerson({ contact, desk }: Agency): string {
  if (desk) return '需要人工帮忙，请发“转人工”。';
  return contact ? `要找工作人员，请联系：${contact}` : '要找工作人员，请用我们公布的联系方式。';
}

export const usefulLabel = '有用';
export const notUsefulLabel = '没用';

export function thanksForUseful(): string {
  return '谢谢您的反馈！还有其他问题，随时问我。';
}

export function sorryForNotUseful(agency: Agency): string {
  return `抱歉没帮上忙，已经记下来，编辑会据此改进。您可以换个说法再问。${askPerson(agency)}`;
}

export const neighboursInvitation = '您想问的也许是：';

export function confirmErasure(hasCases: boolean): string {
  return hasCases
    ? '确定要删除吗？删除后，这里的聊天记录、反馈、受理单的全部内容和上传的材料都会清掉，无法恢复，正在办理的业务也会停下来。'
    : '确定要删除吗？删除后，这里的聊天记录和反馈都会清掉，无法恢复。';
}

export const eraseLabel = '确认删除';
export const keepLabel = '不删除';

export function erased(receipt: string, hadCases: boolean): string {
  const what = hadCases ? '您在这里的聊天记录、反馈和受理单内容' : '您在这里的聊天记录和反馈';
  return `${what}已经删除。删除回执：${receipt}。如有疑问，可凭回执号查询。`;
}

export const noticeInvitation = '想进一步了解，可以点：';

export function kept(): string {
  return '好的，没有删除任何内容。';
}

/** Said when a message could not be processed after several tries; the number finds the cause in the logs. */
export function apology(turnId: string): string {
  return `非常抱歉，刚才这条消息我没能处理好，请换个说法再发一次。如果还是不行，请把编号 ${turnId} 告诉工作人员。`;
}

export function smallTalk(kind: SmallTalk, agency: Agency): string {
  switch (kind) {
    case 'hello':
      return '您好！备案方面有什么问题，请直接打字告诉我。';
    case 'presence':
      return '在的，请说。';
    case 'thanks':
      return '不客气，很高兴能帮到您。';
    case 'bye':
      return '再见，祝您办理顺利！';
    case 'who':
      return `我是${agency.name}的备案助手，是自动回答的机器人，不是真人。我的回答都出自人工审核过的资料，并附有依据和核对日期。`;
    case 'fine':
      return '好的，还有问题随时问我。';
    case 'praise':
      return '谢谢夸奖！还有问题随时问我。';
    case 'complaint':
      return `非常抱歉让您不满意。您可以换个说法再问一次，我尽力答好。${askPerson(agency)}`;
  }
}

function withoutMark(question: string): string {
  return question.replace(/[？?]$/, '');
}

const services: Record<ServiceType, string> = { website: '网站', app: 'App', 'mini-program': '小程序', 'quick-app': '快应用' };

export function filingNumberRead(
  number: string,
  province: string,
  service: ServiceType | undefined,
  administration: Administration,
  looksMadeUp: boolean,
): string {
  const what = service ? `${province}的一个${services[service]}备案号` : `${province}的主体备案号`;
  const doubt = looksMadeUp ? '\n\n这个号看起来像示例，请再核对一下是不是您的真实备案号。' : '';
  return `**${number} 是${what}，归${administrationLink(administration)}管。**${doubt}\n\n要核对登记内容，请到[工信部备案系统](https://beian.miit.gov.cn/)的公共查询里输入这个号。您想用它办什么，请告诉我。`;
}

export function licenseNumberRead(): string {
  return '**这是增值电信业务经营许可证（ICP证等）的编号，不是备案号。** 备案号里有“ICP备”三个字，例如“某ICP备12345678号”。您想问备案还是许可证，请告诉我。';
}

export function publicSecurityNumberRead(): string {
  return '**这是公安联网备案号，由公安机关发放，和工信部的ICP备案号是两个号。** ICP备案号里有“ICP备”三个字。您想问哪一个，请告诉我。';
}

export function otherNumberRead(): string {
  return '**这不是备案号，而是另一种证书的编号。** ICP备案号里有“ICP备”三个字。您想问什么，请告诉我。';
}
