import { parseIdNumber } from '../../../knowledge/entities/id-number.ts';
import { provinceOf, provinces } from '../../../knowledge/entities/province.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { filerKinds, serviceKinds } from '../../../knowledge/filing/kinds.ts';
import { essence, normalize } from '../../../knowledge/text/normalize.ts';
import type { Option, ReadContext, Reading } from '../field.ts';
import type { Remark } from '../problems.ts';
import { addressProvince, certificateProvince, creditCodeKind } from './checks.ts';
import { choice, optionsFrom } from './choice.ts';
import { readMobiles } from './contact.ts';
import { extended, type FieldTable, forPerson, provinceIn, readAs, readText, saysNothing, saysUnsure } from './reading.ts';

const serviceOptions = optionsFrom(serviceKinds, {
  website: { words: ['网页', '官网', '站点', '门户', 'web', '网店', '商城'] },
  app: { words: ['应用', '软件', '客户端', '手机应用', '安卓', '苹果应用', '移动应用', '鸿蒙应用'] },
  'mini-program': forPerson('mini-program', { words: ['微信小程序', '抖音小程序', '支付宝小程序', '小游戏'] }),
  'quick-app': { words: ['快应用程序'] },
});

const filerOptions: Option[] = optionsFrom(filerKinds, {
  individual: { words: ['自己', '我自己', '本人', '私人', '自然人', '没有公司', '没公司', '个人备案', '以个人名义'] },
  enterprise: {
    words: ['公司', '有限公司', '有限责任公司', '股份公司', '分公司', '集团', '企业法人', '合作社', '农民专业合作社', '合伙企业'],
  },
  'individual-business': { words: ['个体户', '个体', '个体工商', '工商户', '个人独资'] },
  'public-institution': { words: ['事业', '公立学校', '公立医院', '事业法人'] },
  government: { words: ['机关', '政府', '政府部门', '党政机关', '行政机关', '行政单位'] },
  'social-organization': { words: ['社团', '协会', '学会', '商会', '社会组织', '联合会'] },
  'private-non-enterprise': { words: ['民非', '民办非企业', '社会服务机构', '民办学校'] },
  foundation: { words: ['基金'] },
  'law-firm': { words: ['律所', '律师所', '律师事务所'] },
  'foreign-representative': { words: ['代表处', '常驻代表处', '外企代表处', '外国企业', '外国公司'] },
  military: forPerson('military', { words: ['部队', '军队', '国防', '武警'] }),
  other: forPerson('other-filer', {
    words: ['其他', '其它', '宗教团体', '医疗机构', '公证处', '司法鉴定', '工会', '村委会', '居委会', '都不是'],
  }),
});

/** What the case is about, and whom to reach. */
export const caseFields = {
  serviceKind: {
    label: '备案的服务',
    names: ['服务形态', '服务类型', '网站还是App', '网站类型'],
    ask: '这次要备案的是网站、App、小程序还是快应用？',
    why: '网站和App要填的内容不同；小程序要在微信、抖音等平台的后台办，走的是另一条路。',
    example: '网站',
    options: serviceOptions,
    read: choice(serviceOptions),
  },
  filerKind: {
    label: '主体类型',
    names: ['主体', '单位性质', '主体性质', '备案主体', '身份', '单位类型', '企业还是个人'],
    ask: '以什么身份备案？有个体户执照的请选“个体工商户”。',
    why: '不同身份用的证件、网站名称的规则和要准备的材料都不一样，选错了会被退回。',
    example: '企业',
    options: filerOptions,
    read: (typed, context) => extended(choice(filerOptions)(typed, context), (kind) => aboutFilerKind(kind, context.values)),
  },
  filerProvince: {
    label: '备案省份',
    names: ['省份', '省', '地区', '哪个省', '所在省'],
    ask: provinceQuestion,
    why: '备案由主体所在省的通信管理局审核，各省的要求不同。单位看证件住所在哪个省，和服务器放在哪里无关。',
    example: '广东',
    read: readProvince,
    show: (code) => provinceOf(code).name,
  },
  accessProvider: {
    label: '接入商',
    names: ['服务器商', '云服务商', '服务商', '云厂商', '空间商', '哪家云'],
    ask: providerQuestion,
    why: '备案由提供服务器的接入商代为提交，换一家接入商，要办的手续就不同。',
    example: '某某云',
    read: (typed, { values }) => readProvider(typed, values),
    freeText: true,
    show: nothingOr({ none: '还没有选', unsure: '待确认' }),
  },
  contactName: {
    label: '联系人',
    names: ['联系人姓名', '称呼', '我的名字'],
    ask: '怎么称呼您？',
    why: '工作人员联系您时用，可以不是备案的负责人。',
    example: '张女士',
    read: text30,
    privacy: 'personal',
    optional: true,
    freeText: true,
  },
  contactMobile: {
    label: '联系手机',
    names: ['手机', '手机号', '手机号码', '电话', '联系电话', '联系方式', '号码', '我的手机', '联系人电话', '联系人手机'],
    ask: '请留一个联系手机和称呼，例如：张女士 13800138000。',
    why: '只用于我们联系您、通知进度，也用来在您换设备时核对身份；可以不是备案负责人的号码。',
    example: '张女士 13800138000',
    read: readContact,
    privacy: 'personal',
  },
} satisfies FieldTable;

/** How two codes that stand for no answer of their own are shown. */
function nothingOr(labels: Readonly<Record<string, string>>): (value: string) => string {
  return (value) => labels[value] ?? value;
}

function aboutFilerKind(kind: string, values: Values): { remarks: (Remark | undefined)[]; also: Values } {
  const named = kind === 'individual' && values.filerName !== undefined && !/公司|有限|事务所|集团|中心/.test(values.filerName);
  return {
    remarks: [
      creditCodeKind(values.creditCode, kind),
      kind === 'individual' && /公司|有限/.test(values.filerName ?? '') ? { code: 'name-of-company' } : undefined,
    ],
    also: named && values.filerName !== undefined ? { 'filerLeader.name': values.filerName } : {},
  };
}

function provinceQuestion({ filerKind, 'filerLeader.idNumber': idNumber }: Values): string {
  if (filerKind !== 'individual') return '证件（如营业执照）上的住所在哪个省？';
  const region = idNumber === undefined ? undefined : provinces.find(({ code }) => code === regionOf(idNumber));
  const clue = region ? `（号码看是${region.shortName}）` : '';
  return `打算在哪个省备案？一般选身份证所在的省${clue}；有居住证的，有些省也可以选居住地。`;
}

function regionOf(idNumber: string): string {
  const result = parseIdNumber(idNumber, '9999-12-31');
  return result.ok ? result.value.region : '';
}

function readProvince(typed: string, { values }: ReadContext): Reading {
  const result = provinces.some(({ code }) => code === typed) ? { ok: true as const, value: typed } : provinceIn(typed);
  if (!result.ok) return result;
  const { filerKind, filerDocumentAddress } = values;
  return readAs(result.value, {
    remarks: [
      certificateProvince(values, result.value),
      filingNumberProvince(values, result.value),
      filerKind === 'individual' ? undefined : addressProvince(filerDocumentAddress, result.value),
    ],
  });
}

/** A filing number says which province gave it; a filer that moved away files anew. */
function filingNumberProvince({ filerNumber }: Values, province: string): Remark | undefined {
  const { prefix } = provinceOf(province);
  return filerNumber === undefined || filerNumber === 'none' || filerNumber === 'unsure' || filerNumber.startsWith(prefix)
    ? undefined
    : { code: 'filing-number-province', number: filerNumber, province };
}

function providerQuestion(values: Values): string {
  if (isFormerProvider(values)) return '备案现在在哪一家接入商（服务器商）？已经没有了就说“没有”。';
  const which = values.serviceNumber === undefined ? '服务器' : '新的服务器';
  return `${which}（云主机、虚拟主机等）用的是哪一家？备案跟着服务器走，和域名在哪里买的无关。还没有就说“还没有”。`;
}

/** Changes and cancellations are about the provider that the filing is with; what is filed anew needs a server. */
function isFormerProvider({ filerNumber, registrant, filerUnchanged }: Values): boolean {
  return filerNumber !== undefined && registrant === undefined && filerUnchanged === undefined;
}

function readProvider(typed: string, values: Values): Reading {
  const plain = normalize(typed);
  if (typed === 'none' || saysNothing(typed))
    return readAs('none', { remarks: [{ code: isFormerProvider(values) ? 'filing-without-provider' : 'no-server' }] });
  if (typed === 'unsure' || saysUnsure(typed)) return readAs('unsure', { remarks: [{ code: 'provider-unknown' }] });
  if (!isFormerProvider(values) && overseas.test(plain)) return refused({ code: 'server-overseas' });
  const named = typed
    .replace(/^(?:我们?)?(?:的?服务器)?(?:就?(?:用的|是|在(?!线)|放在|买的|租的))+/u, '')
    .replace(/(?<=\p{Script=Han}{2})(?:的服务器|的)?[。.!！啊呀呗吧]*$/u, '');
  if (noProvider.test(essence(named))) return refused({ code: 'provider-unclear' });
  return extended(readText(named, 2, 40), () => ({
    remarks: [/域名|注册商/.test(plain) ? { code: 'registrar-not-provider' } : undefined],
  }));
}

const overseas = /香港|澳门|台湾|境外|国外|海外|美国|新加坡|日本|韩国/;
/** Words of other questions and of consent, which name no provider. */
const noProvider =
  /^(?:网站|官网|app|小程序|快应用|公司|企业|个人|个体户?|新的?|首次|备案|同意|不同意|可以|好的?|是的?|对|继续|都行|随便|没问题|嗯+|一样|不想.*|我.{0,3}|\d+|.*(?:等下|等一下|稍等))$|我没看懂|什么|怎么/i;

function text30(typed: string): Reading {
  return readText(callName(typed), 1, 30);
}

/** A name without the words around it: 我叫张三, 联系人：张三. */
function callName(typed: string): string {
  return typed
    .replace(
      /微信(?:号?同号?|也是(?:这个)?)|(?:手机|电话|微信)?同号|联系人|联系电话|联系方式|手机号码?|电话号码?|手机|电话|称呼|姓名|名字/g,
      ' ',
    )
    .replace(/^[\s，,。.、:：是叫的我]+(?:姓(?=\p{Script=Han}))?|[\s，,。.、:：是的]+$/gu, '')
    .trim();
}

function readContact(typed: string, { values }: ReadContext): Reading {
  const mobile = readMobiles(typed);
  if (!mobile.ok) return mobile;
  const rest = callName(mobile.value.rest);
  const name = /^(?:\p{Script=Han}|·){1,12}$|^[A-Za-z][A-Za-z .]{1,28}$/u.test(rest) ? rest : undefined;
  return readAs(mobile.value.number, {
    remarks: mobile.value.remarks,
    also:
      name !== undefined && values.contactName === undefined && !/备案|网站|公司|谢谢|这个|可以|一样/.test(name)
        ? { contactName: name }
        : {},
  });
}
