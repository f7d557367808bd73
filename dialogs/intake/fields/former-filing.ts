import { type FilingNumber, formatFilingNumber, parseFilingNumber } from '../../../knowledge/entities/filing-number.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { changeItems } from '../../../knowledge/filing/kinds.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import type { Option, ReadContext, Reading } from '../field.ts';
import type { Remark } from '../problems.ts';
import { choice, choices, optionsFrom, unsureWords, yesOrNo } from './choice.ts';
import { type FieldTable, forPerson, readAs, saysNothing, saysUnsure, text } from './reading.ts';

// 没有 means that nothing has changed, 有 that something has: the usual words for yes and no are the other way round here.
const unchangedOptions: Option[] = [
  {
    value: 'yes',
    label: '都没变',
    words: [
      '没变',
      '没有变',
      '没有变化',
      '没变化',
      '没有改',
      '不变',
      '一样',
      '和以前一样',
      '都一样',
      '没有',
      '没',
      '无',
      '是',
      '是的',
      '对',
      '嗯',
    ],
  },
  {
    value: 'no',
    label: '有变化',
    words: ['变了', '有变', '改了', '换了', '有改动', '变过', '有', '有的', '不是', '不对'],
    remark: { code: 'filer-changed' },
  },
  { value: 'unsure', label: '不清楚', words: unsureWords.filter((word) => word !== '不清楚') },
];

const filedWithOptions = yesOrNo(
  { label: '在这家', words: ['在', '就是这家', '就在这家', '同一家', '是这家', '一样', '在本家'] },
  { label: '在别家', words: ['不在', '别家', '不在这家', '不是这家', '另一家', '其他家', '换了一家'] },
  { label: '不清楚' },
);

const reachableOptions = yesOrNo(
  { label: '都能打开，底部有备案号', words: ['都能打开', '能打开', '都可以', '都正常', '正常', '可以打开', '都挂了'] },
  {
    label: '有打不开或没挂号的',
    words: ['打不开', '有的打不开', '不能打开', '没挂', '没挂号', '没有挂', '关了', '停了'],
    remark: { code: 'sites-not-reachable' },
  },
  { label: '不清楚' },
);

const keepOptions = yesOrNo(
  { label: '旧的还在用', words: ['还用', '还在用', '继续用', '两边都用', '都用', '保留', '在用'] },
  {
    label: '旧的不用了',
    words: ['不用', '不用了', '不再用', '停用', '不续了', '到期了', '不要了', '已经不用'],
    remark: { code: 'cancel-previous-later' },
  },
);

const mobileOptions = yesOrNo(
  { label: '能收到', words: ['能收', '可以收到', '在用', '能用', '能收短信', '收得到', '正常'] },
  {
    label: '收不到',
    words: ['不能收', '停用', '停机', '换号了', '收不到短信', '不在用', '不用了', '离职', '没法收', '用不了'],
    remark: { code: 'leader-mobile-unreachable' },
  },
  { label: '不清楚' },
);

const otherServices = yesOrNo(
  { label: '还有', words: ['有别的', '还有别的', '有其他', '还有其他', '有几个'], remark: { code: 'other-services' } },
  {
    label: '没有了',
    words: ['没有别的', '没有其他', '就这一个', '只有这个', '只有这一个', '就一个', '唯一'],
    remark: { code: 'only-service' },
  },
  { label: '不清楚' },
);

const pendingOptions = yesOrNo(
  {
    label: '有在办的',
    words: ['在办', '有订单', '有在途', '正在办', '正在审核', '审核中', '有一个', '还在审'],
    remark: { code: 'order-pending' },
  },
  { label: '没有在办的', words: ['没有订单', '没在办', '没有在办', '没有在途'] },
  { label: '不清楚' },
);

const irrevocableOptions: Option[] = [
  {
    value: 'yes',
    label: '我确认办理',
    words: ['确认', '我确认', '确认注销', '确认办理', '确定', '我确定', '同意', '是', '是的', '知道了，确认'],
  },
];

const changeOptions: Option[] = optionsFrom(changeItems, {
  name: { words: ['名称', '公司名', '公司名称', '单位名称', '改名', '更名', '公司改名', '姓名', '公司更名'] },
  certificate: { words: ['有效期', '证件', '执照', '营业执照', '证件有效期', '身份证过期', '换证', '证件照片', '证件过期', '执照换了'] },
  address: { words: ['地址', '住所', '注册地址', '通信地址', '通讯地址', '搬家', '办公地址', '搬地方'] },
  'legal-representative': { words: ['法人', '法定代表人', '主体负责人', '换法人', '法人变了', '法人变更'] },
  'leader-contact': { words: ['手机', '手机号', '邮箱', '电话', '应急电话', '联系方式', '主体负责人手机', '换手机号'] },
  'service-leader': { words: ['网站负责人', 'app负责人', '服务负责人', '换负责人'] },
  'service-name': { words: ['网站名称', '网站名', 'app名称', '服务名称', '站名'] },
  'service-content': { words: ['内容', '服务内容', '备注', '网站内容', '语种', '网站备注'] },
  'remove-domain': { words: ['删除域名', '删域名', '去掉域名', '少一个域名', '删除旧域名'] },
  ip: { words: ['ip', 'ip地址', '接入方式', '换ip', '服务器ip'] },
  filer: forPerson('change-filer', {
    words: ['换主体', '变更主体', '个人转企业', '个人改企业', '转给公司', '主体变更', '换成另一家公司', '过户'],
  }),
});
const ofIndividuals = changeOptions.filter(({ value }) => value !== 'legal-representative');
const changesOf = ({ filerKind }: Values) => (filerKind === 'individual' ? ofIndividuals : changeOptions);

/** The filing there is already, and what is to become of it. */
export const formerFilingFields = {
  filerNumber: {
    label: '主体备案号',
    names: ['备案号', 'ICP备案号', '主体号', '原备案号', '主体备案号码'],
    ask: ({ licenseTask, lostAccess }) =>
      licenseTask !== undefined
        ? '网站的备案号是多少？还没备案就说“没有”。'
        : lostAccess !== undefined
          ? '备案号是多少？例如“京ICP备12345678号”，不知道就说“不知道”。'
          : '已有的主体备案号是多少？例如“京ICP备12345678号”，网站底部或工信部公共查询里能看到。',
    why: '用它找到已有的备案，也能看出是哪个省的。',
    example: '京ICP备20210338号',
    read: readFilerNumber,
    show: showNumber,
  },
  serviceNumber: {
    label: '网站/App备案号',
    names: ['网站备案号', 'App备案号', '服务备案号', '备案号', '服务号'],
    ask: '是哪一个网站或App？请发带序号的备案号，例如“京ICP备12345678号-1”。',
    why: '一个主体下可以有几个网站，序号说明这次办的是哪一个。',
    example: '京ICP备20210338号-1',
    read: readServiceNumber,
  },
  filerUnchanged: {
    label: '主体信息没有变化',
    names: ['主体信息', '有没有变化', '资料变化'],
    ask: '从上次备案到现在，单位名称、证件号、法定代表人、负责人的手机邮箱和地址都没变吧？',
    why: '变了要先办变更，否则新的申请会因为和备案不一致被退回。',
    example: '都没变',
    options: unchangedOptions,
    read: choice(unchangedOptions),
  },
  filedWithProvider: {
    label: '原备案在这家接入商',
    names: ['原备案在哪家', '原来的备案在不在这家'],
    ask: '已有的备案，当初也是在这家接入商办的吗？',
    why: '不是的话，这家接入商要先把主体和负责人的资料录一遍。',
    example: '在这家',
    options: filedWithOptions,
    read: choice(filedWithOptions),
  },
  sitesReachable: {
    label: '已备案的网站能打开并挂号',
    names: ['已备案网站', '网站能否打开', '挂号情况'],
    ask: '已备案的网站都能打开、底部都挂了备案号吗？',
    why: '审核时会看已备案的网站，打不开或没挂号的，新申请会被退回。',
    example: '都能打开，底部有备案号',
    options: reachableOptions,
    read: choice(reachableOptions),
  },
  previousProvider: {
    label: '原接入商',
    names: ['以前的接入商', '旧接入商', '原服务商'],
    ask: '以前是在哪家接入商？',
    why: '用来判断旧家会不会拦截，以及以后要不要取消接入。',
    example: '另一家云',
    read: text(2, 40),
    optional: true,
    freeText: true,
  },
  keepPrevious: {
    label: '旧接入商还在用',
    names: ['旧服务器', '旧接入商还用吗'],
    ask: '旧接入商那边的服务器还在用吗？',
    why: '不用的话，等新接入成功后再去旧家取消接入，顺序不能反，否则备案会被注销。',
    example: '旧的还在用',
    options: keepOptions,
    read: choice(keepOptions),
  },
  leaderMobileReachable: {
    label: '负责人手机能收短信',
    names: ['负责人手机能否收短信', '手机能不能收短信'],
    ask: '备案里登记的负责人手机，现在还能收到短信吗？',
    why: '核验短信会发到登记的号码，收不到就办不下去，要先变更号码。',
    example: '能收到',
    options: mobileOptions,
    read: choice(mobileOptions),
  },
  changeItems: {
    label: '变更项',
    names: ['要变更什么', '变更内容', '改什么'],
    ask: '这次要改哪几项？可以多选。',
    why: '改的内容不同，要交的材料和收短信的人也不同。',
    example: '法定代表人/主体负责人',
    options: changesOf,
    several: {},
    read: readChangeItems,
  },
  changeReason: {
    label: '变更原因',
    names: ['原因'],
    ask: '为什么要改？',
    why: '写清原因，审核的人更容易看懂。',
    example: '公司更换法定代表人',
    read: text(2, 200),
    optional: true,
    freeText: true,
  },
  newValue: {
    label: '新的内容',
    names: ['新内容', '改成什么', '新值'],
    ask: '要改成什么？请写清新的内容；证件号不用写在这里。',
    why: '工作人员按您写的内容准备变更。',
    example: '营业执照有效期改为长期',
    read: text(2, 300),
    freeText: true,
  },
  otherServices: {
    label: '名下还有别的网站或接入',
    names: ['其他网站', '其他服务', '名下其他网站', '其他接入商'],
    ask: '这个主体名下还有别的网站、App，或者别家的接入吗？',
    why: '注销会牵连到它们：注销主体时全部失效；注销唯一的网站会变成空壳主体；没有别家接入的，取消接入会注销备案。',
    example: '没有了',
    options: otherServices,
    read: choice(otherServices),
  },
  orderPending: {
    label: '有没有在办的备案订单',
    names: ['在途订单', '在办订单', '订单'],
    ask: '现在有没有正在办、还没办完的备案订单？',
    why: '同一主体同一时间只能办一笔，有在办的要等它结束或先撤回。',
    example: '没有在办的',
    options: pendingOptions,
    read: choice(pendingOptions),
  },
  irrevocable: {
    label: '确认办理后不能撤回',
    names: ['确认', '不可撤回'],
    ask: '管局通过后不能撤回，以后再用要重新备案。请回复“我确认办理”。',
    why: '注销和取消接入生效后恢复不了，所以要您明确确认一次。',
    example: '我确认办理',
    options: irrevocableOptions,
    read: (typed, context) => {
      const reading = choice(irrevocableOptions)(typed, context);
      return reading.ok && !/不|别|先等/.test(typed) ? reading : refused({ code: 'not-confirmed' });
    },
  },
} satisfies FieldTable;

function readFilerNumber(typed: string, { values, today }: ReadContext): Reading {
  const without = values.licenseTask !== undefined || values.lostAccess !== undefined;
  if (without && (typed === 'none' || saysNothing(typed))) return readAs('none');
  if (without && (typed === 'unsure' || saysUnsure(typed))) return readAs('unsure');
  const parsed = parseFilingNumber(typed, { today });
  if (!parsed.ok) return parsed;
  const { service: _, ...filer } = parsed.value;
  const named = parsed.value.service && values.serviceNumber === undefined;
  return readAs(formatFilingNumber(filer), {
    remarks: numberRemarks(parsed.value, values),
    also: { ...provinceFrom(parsed.value, values), ...(named && { serviceNumber: formatFilingNumber(parsed.value) }) },
  });
}

function readServiceNumber(typed: string, { values, today }: ReadContext): Reading {
  const parsed = parseFilingNumber(typed, { today });
  if (!parsed.ok) return parsed;
  if (!parsed.value.service) return refused({ code: 'filing-number-no-service', number: formatFilingNumber(parsed.value) });
  const { service, ...filer } = parsed.value;
  const differs = values.filerNumber !== undefined && values.filerNumber !== formatFilingNumber(filer);
  return readAs(formatFilingNumber({ ...filer, service }), {
    remarks: [
      ...numberRemarks(parsed.value, values),
      differs ? { code: 'filing-numbers-differ', filerNumber: values.filerNumber ?? '' } : undefined,
    ],
    also: {
      ...provinceFrom(parsed.value, values),
      ...(values.filerNumber === undefined && { filerNumber: formatFilingNumber(filer) }),
      ...(values.serviceKind === undefined && { serviceKind: service.type }),
    },
  });
}

/** The province that gave the number is the one the filer is filed in. */
function provinceFrom({ province }: FilingNumber, { filerProvince }: Values): Values {
  return filerProvince === undefined ? { filerProvince: province } : {};
}

function numberRemarks(number: FilingNumber, { filerProvince }: Values): (Remark | undefined)[] {
  const example = number.remarks.some(({ code }) => code === 'looks-like-example');
  const standard = number.remarks.find(({ code }) => code === 'prefix-not-standard');
  const { service: _, ...filer } = number;
  return [
    example ? { code: 'filing-number-example' } : undefined,
    standard?.code === 'prefix-not-standard'
      ? { code: 'filing-number-prefix', typed: standard.typed, standard: standard.standard }
      : undefined,
    filerProvince !== undefined && filerProvince !== number.province
      ? { code: 'filing-number-province', number: formatFilingNumber(filer), province: filerProvince }
      : undefined,
  ];
}

export function showNumber(value: string): string {
  if (value === 'none') return '还没有';
  return value === 'unsure' ? '不清楚' : value;
}

/** What many take for a change and is none is told apart from what cannot be read. */
function readChangeItems(typed: string, context: ReadContext): Reading {
  const said = normalize(typed);
  if (/(?:换|改|变更|更换|加|新增)(?:一?个|成)?(?:新的?)?域名/.test(said)) return refused({ code: 'change-not-possible', what: 'domain' });
  if (/跨省|换(?:个|到)?省|(?:换|改|迁).{0,4}(?:外省|别的省|省份)/.test(said))
    return refused({ code: 'change-not-possible', what: 'province' });
  return choices(changesOf, {})(typed, context);
}
