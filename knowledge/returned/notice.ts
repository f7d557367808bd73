import { findPlaces } from '../entities/place.ts';
import { provinces } from '../entities/province.ts';
import { type FieldKey, fieldKeys } from '../filing/form.ts';
import { normalize } from '../text/normalize.ts';
import { type Cause, type Restart, wordingOf } from './cause.ts';
import { causes } from './causes.ts';
import { type NoticeSource, sources } from './sources.ts';

export type Returner = 'administration' | 'provider';

export interface DecodedCause extends Pick<Cause, 'id' | 'title' | 'look' | 'remedy' | 'documents' | 'topic'> {
  /** The item of a filing case to correct; the service leader's where the notice speaks of that person. */
  field?: FieldKey;
  restarts: Restart;
  source: NoticeSource;
  /** The words, normalized, that it was recognized by, with the part of the sentence around them. */
  matched: string;
}

export interface DecodedNotice {
  /** In the order of the notice; empty when none of its reasons is known. */
  causes: DecodedCause[];
  /** Who returned it, when the notice says so. */
  by?: Returner;
  /** Code of the province whose administration or filing number it names. */
  province?: string;
  /** It is no application: filings in force were checked, and are to be put right by a date. */
  check: boolean;
}

/**
 * Whether the text is a pasted rejection, and not a question or a story about one. It must be introduced as one (退回原因：…, 您的备案…
 * 未通过), or state a known reason in the manner of officials. In doubt it is none: the FAQ answers then.
 */
export function isNotice(text: string): boolean {
  if (!/\p{Script=Han}{2}/u.test(text)) return false;
  const sentences = sentencesOf(text);
  const whole = sentences.join('。');
  if (approved.test(whole)) return false;
  if (introduced.test(whole)) return !asking.test(whole) || decodeNotice(text).causes.length > 0;
  if (sentences.some((sentence) => asking.test(sentence) || ownVoice.test(sentence))) return false;
  if (announced.test(whole)) return true;
  if (sentences.some((sentence) => retelling.test(sentence))) return false;
  const inOfficialWords = official.test(whole) || written.test(whole);
  // First what is cheap: most of what customers write ends here.
  if (!inOfficialWords && sentences.length < 2) return false;
  const known = decodeNotice(text).causes.length;
  return known > (inOfficialWords ? 0 : 1);
}

/** The reasons that a notice names, each once. Unknown reasons leave no trace: a person should see the text when none is known. */
export function decodeNotice(text: string): DecodedNotice {
  const sentences = sentencesOf(text);
  const whole = sentences.join('。');
  const by = returnerOf(whole);
  const check = checking.test(whole);
  const found = sentences.flatMap(causesIn);
  const first = found.filter(({ cause }, at) => found.findIndex((other) => other.cause.id === cause.id) === at);
  const province = provinceOfNotice(whole);
  return {
    causes: first.map((hit) => describe(hit, by, check)),
    ...(by && { by }),
    ...(province && { province }),
    check,
  };
}

/** 退回原因：, 审核意见：, 驳回：; after it the words are the notice's own. */
const introduced =
  /(?:(?:退回|驳回|拒绝|不通过|未通过|不予通过|不予备案|失败|初审|审核|核查|审批|整改|补正|管局|错误|校验)(?:的)?(?:主要|具体)?(?:原因|理由|意见|结果|说明|提示|事由|反馈|信息|内容|要求|退回|驳回)(?:如下|为|是)?|管理局|系统(?:校验|提示)|(?:^|[。【[])(?:[^。:]{0,12})(?:退回|驳回|不予通过|拒收))\s*[:】\]][\s。]*[^\s:?。]/u;
/** The frame of a whole message: 您的备案……未通过审核. */
const announced =
  /尊敬的.{0,8}(?:用户|客户|主办者|先生|女士|会员).{0,60}(?:退回|驳回|未通过|不予|未能通过|不通过|拒绝|整改)|(?:您|贵单位|贵公司|贵司|该)(?:好)?[^。]{0,4}(?:的|提交)[^。]{0,24}(?:备案|订单|申请|许可证)[^。]{0,30}(?:未通过|未能通过|不予通过|被[^。]{0,10}(?:退回|驳回)|已[^。]{0,10}(?:退回|驳回)|予以(?:退回|驳回)|不予备案|审核不通过)|^[^。:]{0,12}(?:审核|初审|核查|审批|校验):|^(?:不予通过|不予备案|拒收|审核不通过|予以退回)(?:[。,:]|$)/u;
const approved = /恭喜|(?:已经?|审核|审批|核验|初审)通过(?!后)|备案成功|(?<!不)予以备案|审核结果[:为]通过/u;
const asking =
  /[?]|怎么|怎样|咋|为什么|为何|为啥|吗|呢$|多久|多长时间|几天|能不能|可不可以|可以不|会不会|是不是|有没有|要不要|需不需要|什么|哪|谁|如何|多少|啥|能否|是否(?:需要|可以|会|要|能)|求助|求教|请教|请问|咨询|区别|意思/u;
/** Customers speak of themselves; officials say 我局 and 我司. */
const ownVoice =
  /我(?!局|司|厅|中心|处|部|委|方|省|市|国)|咱|俺|谢谢|感谢|麻烦|帮忙|帮|老板|同事|朋友|不好意思|^(?:收到|接到|看到|说|听说)|刚才|一直|老是|总是|了$|了[,。]|啊|吧$|呀|哦|嘛|啦|哈|^(?:已经|现在|想|要|没)|想(?:要|办|改)/u;
/** Short reports of what happened; the topics about returns answer them. */
const retelling =
  /被(?:退|驳|打|拒|通知|举报)|说(?!明)|写着|写的|写了|(?:理由|原因)(?:是|为)|提示|报错|弹出|显示|求解|导致|退单|退下|打回|没过|不通过$|^(?:旧|老|新)|行不行|后果|处罚|依据|责任|门槛|条件|处理方法|意见书|(?:不|没)$|\p{Script=Han} \p{Script=Han}.{0,8}$/u;
/** A sentence without introduction counts when it tells somebody to do something or speaks of the roles in a filing. */
const official =
  /请|必须|须|需(?!要什么)|应(?!用|急)|不得|不予|不可|禁止|勿|经(?:核查|拨打|核实|查|审核|电话|比对|检查|检测|复核)|检测到|申请人|贵司|贵单位|贵公司|主办单位|主办者|负责人|法定代表人|社会信用代码|^(?:该|您)|退回$|字样/u;
/** Words of written Chinese (与, 未, 有误); in a chat one says 和, 没, 不对. */
const written =
  /^(?!.*(?:跟|没|要(?!求)|想|后(?!\d)|被(?!吊销|列入|注销))).*(?:与|未(?!满1|满十|成年)|无(?!法)|有误|错误$|无效|过于|不符合|处于|疑似|不清晰|为(?!什么)|含|不能|至|已过期$|模糊|缺失|不规范|不全|失败(?:,|$)|无法下载|重复$)/u;
const checking =
  /(?:信息)?核查(?:不合格|未通过|不通过|发现)[^。]{0,40}|限期(?:内)?整改|逾期(?:未|不|将)|(?:请|须|需)(?:于|在)[^。]{0,16}(?:前|内)(?:完成)?(?:整改|改正|变更|处理)|(?:取消接入|注销备案)处理/u;

const longestQuoted = 40;
/** Characters read of a text: notices are short, and time stays bounded. */
const longestNotice = 4000;

const serviceLeader = /(?:网站|服务|app|小程序)负责人/u;
const filerLeader = /主体负责人|法定代表人|法人/u;
/** Straight before a wording, these say that it is not so: 无反光, 不存在重复提交. */
const denied = /(?:无|没有|未发现|不存在|并非|不是因为?|避免|防止|以免|如(?:果|有)?|若|勿|不要|未(?:被)?(?:列入|纳入)|确保不|切勿)$/u;

interface Span {
  start: number;
  end: number;
}

interface Hit extends Span {
  cause: Cause;
  sentence: string;
}

function sentencesOf(text: string): string[] {
  return withoutAdvice(text.slice(0, longestNotice).replace(/[\u2460-\u2473\u2776-\u277F]/gu, '\n'))
    .split(/[\n\r]/u)
    .flatMap((line) =>
      mainland(normalize(line)).split(/[。;!]|(?<![\d.a-z-])\(?\d{1,2}(?:[、)]|\.(?!\d))|(?:^|[:。\s])[一二三四五六七八九十]、/u),
    )
    .map((sentence) => sentence.replace(/(?<=[\p{Script=Han}\p{P}]) | (?=[\p{Script=Han}\p{P}])/gu, '').trim())
    .filter((sentence) => sentence.length > 1);
}

/** The Taiwan word for a domain name, which the conversion takes apart. */
function mainland(normalized: string): string {
  return normalized.replace(/功能变[数量]名称?/gu, '域名');
}

/** What stands under every notice alike is none of its reasons. */
function withoutAdvice(text: string): string {
  return text.replace(/(?:温馨提示|友情提示|特别提醒|注意事项|如有疑问|如有问题|详情(?:请)?(?:咨询|登录|查看))[\s\S]*$/u, '');
}

function causesIn(sentence: string): Hit[] {
  const hits: Hit[] = [];
  for (const { cause, says, unless } of compiled) {
    const hit = firstFree(says, unless, sentence, hits);
    if (hit) hits.push({ cause, sentence, ...hit });
  }
  return hits.length > 0 ? hits.sort((a, b) => a.start - b.start) : hintedIn(sentence);
}

function hintedIn(sentence: string): Hit[] {
  for (const { cause, hints, unless } of compiled) {
    const hit = firstFree(hints, unless, sentence, []);
    if (hit) return [{ cause, sentence, ...hit }];
  }
  return [];
}

/** The first words that fit, are not denied, not about something else and not claimed by another cause. */
function firstFree(wordings: readonly RegExp[], unless: RegExp | undefined, sentence: string, taken: readonly Hit[]): Span | undefined {
  return wordings
    .flatMap((wording) => [...sentence.matchAll(wording)].map(({ index, 0: words }) => ({ start: index, end: index + words.length })))
    .find(
      ({ start, end }) =>
        !denied.test(sentence.slice(0, start)) &&
        !unless?.test(partsAround(sentence, start, end)) &&
        !taken.some((other) => start < other.end && other.start < end),
    );
}

/** The parts between commas that the words lie in. */
function partsAround(sentence: string, start: number, end: number): string {
  const next = sentence.indexOf(',', end);
  return sentence.slice(sentence.lastIndexOf(',', start) + 1, next < 0 ? undefined : next);
}

function describe({ cause, sentence, start, end }: Hit, by: Returner | undefined, check: boolean): DecodedCause {
  const { id, title, look, remedy, documents, topic } = cause;
  const field = fieldIn(sentence, cause.field);
  return {
    id,
    title,
    look,
    remedy,
    topic,
    restarts: check || cause.restarts === 'none' ? 'none' : (by ?? cause.restarts),
    source: sources[cause.source],
    matched: quoted(sentence, start, end),
    ...(field && { field }),
    ...(documents && { documents }),
  };
}

/** The words with the part between commas that they stand in, unless that is long. */
function quoted(sentence: string, start: number, end: number): string {
  const words = sentence.slice(start, end);
  const part = partsAround(sentence, start, end).replace(/^.*[:】]/u, '');
  return part.includes(words) && part.length <= longestQuoted ? part : words;
}

function fieldIn(sentence: string, field: FieldKey | undefined): FieldKey | undefined {
  if (!field?.startsWith('filerLeader.') || !serviceLeader.test(sentence) || filerLeader.test(sentence)) return field;
  const other = field.replace('filerLeader.', 'serviceLeader.');
  return fieldKeys.find((key) => key === other) ?? field;
}

const administration =
  /(?:管局|通管局|管理局|省局|我局|我厅)[^。:]{0,10}(?:退回|驳回|审核|审查|核查|不予|意见|结果|反馈|要求|原因)|我局|核查结果|不予备案/u;
const provider =
  /(?:接入商|服务商|平台|备案客服|初审人员)[^。:]{0,6}(?:退回|驳回|审核|初审|不通过|未通过|意见)|初审(?:驳回|退回|不通过|未通过|意见|结果|失败)|我司/u;

function returnerOf(whole: string): Returner | undefined {
  const byProvider = whole.search(provider);
  const byAdministration = whole.search(administration);
  if (byProvider < 0) return byAdministration < 0 ? undefined : 'administration';
  return byAdministration < 0 || byProvider < byAdministration ? 'provider' : 'administration';
}

function provinceOfNotice(whole: string): string | undefined {
  const office = findPlaces(whole).find(({ end }) => /^(?:省|市|自治区)?(?:通信管理局|通管局|管局|省局)/u.test(whole.slice(end)));
  if (office && office.doubt !== 'same-name') return office.province;
  const prefix = /(\p{Script=Han})icp备/u.exec(whole)?.[1];
  return provinces.find((province) => province.prefix === prefix)?.code;
}

interface Compiled {
  cause: Cause;
  says: readonly RegExp[];
  hints: readonly RegExp[];
  unless?: RegExp;
}

const compiled: readonly Compiled[] = causes.map((cause) => ({
  cause,
  says: cause.says.map((wording) => wordingOf(wording, 'gu')),
  hints: (cause.hints ?? []).map((wording) => wordingOf(wording, 'gu')),
  ...(cause.unless && { unless: wordingOf(cause.unless) }),
}));
