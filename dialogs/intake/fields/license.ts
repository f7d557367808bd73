import { parseCount, parseWan } from '../../../knowledge/entities/amount.ts';
import { findFilingNumbers } from '../../../knowledge/entities/filing-number.ts';
import { findPlaces } from '../../../knowledge/entities/place.ts';
import { provinceOf, provinces } from '../../../knowledge/entities/province.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import { listed } from '../../../knowledge/filing/form.ts';
import { licenseTasks } from '../../../knowledge/filing/kinds.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import type { Option, ReadContext, Reading } from '../field.ts';
import { choice, optionsFrom, yesOrNo } from './choice.ts';
import { extended, type FieldTable, forPerson, readAs, readText, text } from './reading.ts';

const taskOptions: Option[] = optionsFrom(licenseTasks, {
  new: {
    words: ['办新证', '新申请', '申请', '办理', '新办许可证', '办证', '第一次办', '想办', '办一个', '办icp证', '办edi证', 'icp证', 'edi证'],
  },
  renew: { words: ['延续', '续证', '快到期', '续期换证', '到期', '延期'] },
  change: { words: ['改信息', '变更信息', '换法人', '改名', '股东变更'] },
  add: { words: ['增项', '加业务', '增加业务'] },
  'annual-report': { words: ['年检', '年度报告', '报年报'] },
  cancel: { words: ['不要了', '注销许可证'] },
  transfer: forPerson('license-transfer', { words: ['转让', '挂靠', '买证', '租证', '收购', '借用'] }),
  ask: { words: ['咨询', '了解', '不知道', '不清楚', '要不要办', '问问', '先问问'] },
});

const foreignOptions = yesOrNo(
  {
    label: '有外资',
    words: ['外资', '有外商', '中外合资', '有境外股东', '港资', '台资'],
    remark: { code: 'needs-person', because: 'foreign-investment' },
  },
  { label: '没有外资', words: ['没有', '无外资', '纯内资', '内资', '全是内资', '没外资'] },
  { label: '不清楚', remark: { code: 'foreign-investment-unsure' } },
);

const readyOptions = yesOrNo(
  { label: '已上线，内容齐全', words: ['已上线', '上线了', '齐全', '做好了', '都有了', '已经上线'] },
  {
    label: '还没做好',
    words: ['没上线', '还没上线', '没做好', '在做', '开发中', '空的', '未上线', '在开发'],
    remark: { code: 'site-not-ready' },
  },
);

const sanctionOptions = yesOrNo(
  { label: '有过', words: ['被列入', '有处罚', '被处罚过', '在名单里', '处罚过'], remark: { code: 'sanctioned' } },
  { label: '没有过', words: ['没有处罚', '没有列入', '都没有', '没被列入', '没处罚'] },
  { label: '不清楚' },
);

/** An ICP or EDI licence: whether one is needed and can be had. Source: intake survey of 2026-11, section 10. */
export const licenseFields = {
  licenseTask: {
    label: '想办的事',
    names: ['办什么', '许可证事项', '业务'],
    ask: '许可证方面想办什么？',
    why: '新办、续期、年报要的资料不同。',
    example: '新办',
    options: taskOptions,
    read: choice(taskOptions),
  },
  registeredCapital: {
    label: '注册资本（万元）',
    names: ['注册资本', '注册资金', '资本'],
    ask: '公司的注册资本是多少万元？',
    why: '省内经营要100万元以上，跨省经营要1000万元以上。',
    example: '500万',
    read: (typed, { values }) => readCapital(typed, values.provincesCovered),
    show: (value) => `${value}万元`,
  },
  provincesCovered: {
    label: '业务地区',
    names: ['开展业务的地区', '经营地区', '地区', '业务范围地区'],
    ask: '业务打算在哪些省开展？一个省就发省名，多个省就都发来，或说“全国”。',
    why: '在一个省内做向省管局申请，跨省做向工信部申请，对注册资本的要求也不同。',
    example: '广东、福建',
    read: readCovered,
    show: (value) =>
      value === 'all'
        ? '全国'
        : listed(value)
            .map((code) => provinceOf(code).shortName)
            .join('、'),
  },
  businessScope: {
    label: '经营范围',
    names: ['营业执照经营范围', '执照范围'],
    ask: '营业执照上的经营范围是什么？照抄就行。',
    why: '部分窗口要求经营范围里有相关表述，没有的要先增项。',
    example: '软件开发；信息技术咨询服务',
    read: text(2, 1500),
    optional: true,
    freeText: true,
  },
  foreignInvestment: {
    label: '股东有无外资',
    names: ['外资', '是否外资', '股东外资'],
    ask: '股东里有没有外资？往上追到底的间接外资也算。',
    why: '有外资的，能办哪些业务、占多少股都有限制，要由人工判断。',
    example: '没有外资',
    options: foreignOptions,
    read: choice(foreignOptions),
  },
  siteReady: {
    label: '网站或App是否已上线',
    names: ['网站是否上线', '上线情况', '是否上线'],
    ask: '网站或App已经上线、内容齐全了吗？',
    why: '审核时会打开看，空站会被退回。',
    example: '已上线，内容齐全',
    options: readyOptions,
    read: choice(readyOptions),
  },
  staff: {
    label: '专业人员人数',
    names: ['人员', '社保人数', '员工人数', '人数'],
    ask: '交社保的专业人员有几位？',
    why: '法规没有规定人数，部分窗口要看3人近一个月的社保。',
    example: '3人',
    read: (typed) => {
      const parsed = parseCount(typed);
      return parsed.ok ? readAs(String(parsed.value), { remarks: [parsed.value < 3 ? { code: 'staff-few' } : undefined] }) : parsed;
    },
    optional: true,
    show: (value) => `${value}人`,
  },
  sanctions: {
    label: '失信名单或处罚',
    names: ['失信', '处罚', '失信名单', '行政处罚'],
    ask: '公司有没有被列入电信业务失信名单，或近期受过处罚？',
    why: '列入失信名单的不符合申请条件。',
    example: '没有过',
    options: sanctionOptions,
    read: choice(sanctionOptions),
  },
  currentLicense: {
    label: '现有许可证号',
    names: ['许可证号', '许可证编号', '证号', '现有许可证', '许可证到期日'],
    ask: '现有的许可证号是多少？哪天到期也请一起发来。',
    why: '续期要在到期前90天提出，变更要在30天内办，先核对号码和日期。',
    example: '京B2-20202418，2027-08-01到期',
    read: readLicense,
    freeText: true,
  },
} satisfies FieldTable;

function readCapital(typed: string, covered: string | undefined): Reading {
  const parsed = parseWan(typed);
  if (!parsed.ok) return parsed;
  const least = covered === 'all' || listed(covered).length > 1 ? 1000 : 100;
  return readAs(String(parsed.value), { remarks: [parsed.value < least ? { code: 'capital-too-low', least } : undefined] });
}

function readCovered(typed: string, { values }: ReadContext): Reading {
  const codes = listed(typed).every((code) => provinces.some((province) => province.code === code))
    ? listed(typed)
    : [...new Set(findPlaces(normalize(typed)).map(({ province }) => province))];
  const all = typed === 'all' || /全国|跨省|各省|所有省|跨地区|全中国|线上/.test(typed);
  if (!all && codes.length === 0) return refused({ code: 'province-unknown' });
  const capital = Number(values.registeredCapital ?? Number.NaN);
  return readAs(all ? 'all' : codes.join(','), {
    remarks: [(all || codes.length > 1) && capital < 1000 ? { code: 'capital-too-low', least: 1000 } : undefined],
  });
}

function readLicense(typed: string, { today }: ReadContext): Reading {
  const numbers = findFilingNumbers(typed, { today });
  const filing = numbers.some(({ kind }) => kind === 'filing') && !numbers.some(({ kind }) => kind === 'license');
  if (filing) return refused({ code: 'license-number-is-filing' });
  return extended(readText(typed, 4, 100), () => ({
    remarks: [numbers.some(({ kind }) => kind === 'license') ? undefined : { code: 'license-number-unusual' }],
  }));
}
