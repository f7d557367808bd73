import { type Certificate, parseCertificate } from '../../../knowledge/entities/certificate.ts';
import { ageOn } from '../../../knowledge/entities/id-number.ts';
import { parsePersonName } from '../../../knowledge/entities/person-name.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import { longTermTooYoung, parseValidity, validityValue } from '../../../knowledge/entities/validity.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import type { ReadContext, Reading } from '../field.ts';
import type { Problem, Remark } from '../problems.ts';
import { ageProblem, ageRemark, certificateProvince } from './checks.ts';
import { choice, yesOrNo } from './choice.ts';
import { readEmail, readMobiles } from './contact.ts';
import { type FieldEntry, type FieldTable, readAs, saysAbove, saysSame } from './reading.ts';

type Leader = 'filerLeader' | 'serviceLeader';
const other = { filerLeader: 'serviceLeader', serviceLeader: 'filerLeader' } as const;

const isLegalRepresentative = yesOrNo(
  {
    label: '是法定代表人',
    words: [
      '是法人',
      '法人',
      '法定代表人',
      '就是法人',
      '经营者',
      '是经营者',
      '经营者本人',
      '是本人',
      '校长',
      '院长',
      '会长',
      '理事长',
      '老板',
      '老板自己',
      '老板本人',
    ],
  },
  {
    label: '不是，另有其人',
    words: [
      '法人在国外',
      '法人不在',
      '法人不方便',
      '法人联系不上',
      '不是法人',
      '不是法定代表人',
      '不是经营者',
      '别人',
      '另外的人',
      '其他人',
      '员工',
      '经办人',
      '经理',
      '股东',
      '授权',
    ],
  },
);

const isFilerLeader = yesOrNo(
  {
    label: '是同一个人',
    words: [
      '同一个人',
      '同一人',
      '同一位',
      '都是法人',
      '一样',
      '一个人',
      '同一个',
      '都是他',
      '都是我',
      '都是她',
      '就是我',
      '是我',
      '我',
      '本人',
      '是本人',
      '还是我',
      '还是他',
      '法人',
      '是法人',
      '就是法人',
      '也是法人',
    ],
  },
  {
    label: '不是，另有其人',
    words: ['不是同一个人', '不是同一人', '不同的人', '不同人', '不一样', '两个人', '别人', '另外的人', '其他人'],
  },
);

/** The people who answer for the filer and for the service. */
export const leaderFields = {
  'filerLeader.isLegalRepresentative': {
    label: '负责人是不是法定代表人',
    names: ['是否法人', '是不是法人', '法人兼任'],
    ask: ({ filerKind }) =>
      filerKind === 'individual-business' ? '主体负责人就是执照上的经营者吗？' : '主体负责人由法定代表人担任吗？多数省要求是。',
    why: '多数省只接受法定代表人（个体户为经营者）做主体负责人；由别人担任要另交授权书，有的省不接受。',
    example: '是',
    options: isLegalRepresentative,
    read: (typed, context) => withRule(choice(isLegalRepresentative)(typed, context), context.values),
  },
  'filerLeader.name': nameField('filerLeader', '主体负责人'),
  'filerLeader.idNumber': idField('filerLeader', '主体负责人'),
  'filerLeader.validity': validityField('filerLeader', '主体负责人'),
  'filerLeader.mobile': mobileField('filerLeader', '主体负责人'),
  'filerLeader.emergencyMobile': emergencyField('filerLeader', '主体负责人'),
  'filerLeader.email': emailField('filerLeader', '主体负责人'),
  'legalRepresentative.name': {
    label: '法定代表人姓名',
    names: ['法人姓名', '法人', '法定代表人', '法人名字', '法人代表'],
    ask: '法定代表人叫什么名字？',
    why: '主体负责人不是法定代表人时，要登记法定代表人，授权书也由他签字。',
    example: '李示例',
    read: (typed, { values }) => readName(typed, (name) => (name === values['filerLeader.name'] ? 'legal-representative-same' : undefined)),
    privacy: 'personal',
    freeText: true,
  },
  'legalRepresentative.idNumber': {
    label: '法定代表人证件号',
    names: ['法人身份证', '法人身份证号', '法人证件号', '法定代表人身份证号'],
    ask: '请发法定代表人的身份证号。',
    why: '管局核对授权关系时要看法定代表人的证件。收到后加密保存，显示时打码。',
    example: '830000199201300022',
    read: (typed, { values, today }) =>
      readId(typed, today, (number) => (number === values['filerLeader.idNumber'] ? { code: 'legal-representative-same' } : undefined)),
    privacy: 'certificate',
  },
  'serviceLeader.isFilerLeader': {
    label: '两位负责人是否同一人',
    names: ['网站负责人是不是同一人', '是否同一人'],
    ask: ({ serviceKind }) => `${serviceWord(serviceKind)}负责人和主体负责人是同一个人吗？是的话不用再填一遍。`,
    why: '是同一人就只填一次。另有其人也可以，但要是在职员工，手机、邮箱不能和主体负责人相同，多数省还要授权书。',
    example: '是',
    options: isFilerLeader,
    read: choice(isFilerLeader),
  },
  'serviceLeader.name': nameField('serviceLeader', '网站负责人'),
  'serviceLeader.idNumber': idField('serviceLeader', '网站负责人'),
  'serviceLeader.validity': validityField('serviceLeader', '网站负责人'),
  'serviceLeader.mobile': mobileField('serviceLeader', '网站负责人'),
  'serviceLeader.emergencyMobile': emergencyField('serviceLeader', '网站负责人'),
  'serviceLeader.email': emailField('serviceLeader', '网站负责人'),
} satisfies FieldTable;

export function serviceWord(serviceKind: string | undefined): string {
  if (serviceKind === 'app') return 'App';
  return serviceKind === 'quick-app' ? '快应用' : '网站';
}

/** 主体负责人, 网站负责人, or for somebody who files in person 您. */
function whom(leader: Leader, { filerKind, serviceKind }: Values): string {
  if (filerKind === 'individual') return '您';
  return leader === 'filerLeader' ? '主体负责人' : `${serviceWord(serviceKind)}负责人`;
}

function nameField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}姓名`,
    names: [
      title,
      `${title}名字`,
      ...(leader === 'filerLeader' ? ['负责人', '负责人姓名'] : ['App负责人', '服务负责人', '服务负责人姓名']),
    ],
    ask: (values) => `${whom(leader, values)}叫什么名字？和身份证上一致。`,
    why: '负责人要对备案内容负责，姓名会和证件核对。',
    example: leader === 'filerLeader' ? '张示例' : '王示例',
    read: (typed) => readName(typed),
    privacy: 'personal',
    freeText: true,
  };
}

function idField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}证件号`,
    names: [`${title}身份证`, `${title}身份证号`, '身份证', '身份证号', '身份证号码', '证件号', '证件号码'],
    ask: (values) => `请发${whom(leader, values)}的身份证号（18位）。`,
    why: '备案实名到人，短信核验时也要用到证件号后6位。收到后加密保存，显示时打码，只交给接入商和管局。',
    example: leader === 'filerLeader' ? '11010519491231002X' : '810000199408230021',
    read: (typed, context) => readLeaderId(leader, typed, context),
    privacy: 'certificate',
  };
}

function validityField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}证件有效期`,
    names: [`${title}有效期`, '有效期', '证件有效期', '身份证有效期', '到期日'],
    ask: (values) => `${whom(leader, values)}的证件有效期是从哪天到哪天？例如：2020.1.2-2040.1.2，或“2020.1.2至长期”。`,
    why: '过期或快过期的证件会被退回，多数省要求还剩3个月以上。有效期在身份证国徽那一面。',
    example: '2020.1.2-2040.1.2',
    read: (typed, context) => readValidity(leader, typed, context),
    privacy: 'personal',
    show: showValidity,
  };
}

function mobileField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}手机`,
    names: [`${title}手机号`, `${title}电话`, '负责人手机', '负责人手机号', '负责人电话', '手机', '手机号', '电话'],
    ask: (values) => {
      const same = values.contactMobile === undefined ? '' : '和联系手机一样就说“一样”。';
      return `请发${whom(leader, values)}本人的手机号，核验短信会发到这里。${same}`;
    },
    why: '管局把核验短信（12381）发到这个号码，要在24小时内用它完成核验，所以必须是本人在用、收得到短信的号。',
    example: '13900139000',
    read: (typed, context) => readMobile(leader, typed, context.values),
    privacy: 'personal',
  };
}

function emergencyField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}应急电话`,
    names: [`${title}应急手机`, '应急电话', '应急手机', '应急联系电话', '紧急电话', '紧急联系电话', '应急号码', '备用电话', '备用手机'],
    ask: (values) => `再要一个应急电话，家人或同事的手机都可以，不能和${whom(leader, values)}的手机相同。`,
    why: '管局或接入商打不通本人手机时用它联系。',
    example: '13700137000',
    read: (typed, { values }) => readEmergency(leader, typed, values),
    privacy: 'personal',
  };
}

function emailField(leader: Leader, title: string): FieldEntry {
  return {
    label: `${title}邮箱`,
    names: ['邮箱', '电子邮箱', '邮件', '邮箱地址', 'email', 'mail', '负责人邮箱'],
    ask: (values) => `请发${whom(leader, values)}的邮箱，要能长期收信。`,
    why: '审核结果和以后的核查通知会发到这个邮箱。',
    example: leader === 'filerLeader' ? 'zhang@example.com' : 'wang@example.com',
    read: (typed, { values }) => {
      const reading = readEmail(typed);
      const shared = reading.ok && differ(values) && values[`${other[leader]}.email`] === reading.value.value;
      return shared ? refused({ code: 'leaders-share-email' }) : reading;
    },
    privacy: 'personal',
  };
}

function withRule(reading: Reading, { filerProvince: province }: Values): Reading {
  if (!reading.ok || reading.value.value !== 'no') return reading;
  return readAs('no', { remarks: [{ code: 'leader-not-legal-representative', ...(province !== undefined && { province }) }] });
}

/** Whether the two leaders are different people. */
function differ(values: Values): boolean {
  return values['serviceLeader.isFilerLeader'] === 'no';
}

function readName(typed: string, check: (name: string) => 'legal-representative-same' | undefined = () => undefined): Reading {
  const parsed = parsePersonName(typed);
  if (!parsed.ok) return parsed;
  const wrong = check(parsed.value.name);
  return wrong ? refused({ code: wrong }) : readAs(parsed.value.name);
}

function readId(typed: string, today: string, check: (number: string) => Problem | undefined): Reading {
  const parsed = parseCertificate(typed, today);
  if (!parsed.ok) return parsed;
  const wrong = check(parsed.value.number);
  return wrong ? refused(wrong) : readAs(parsed.value.number, { remarks: [documentRemark(parsed.value)] });
}

function documentRemark({ kind, remark }: Certificate): Remark | undefined {
  return remark && { code: 'document-ask-provider', document: kind };
}

function readLeaderId(leader: Leader, typed: string, { values, today }: ReadContext): Reading {
  const parsed = parseCertificate(typed, today);
  if (!parsed.ok) return parsed;
  const { number } = parsed.value;
  const wrong = idProblem(leader, number, values);
  if (wrong) return refused(wrong);
  const { birthday } = parsed.value;
  const young = birthday === undefined ? undefined : ageProblem({ birthday }, values, today);
  if (young) return refused(young);
  return readAs(number, {
    remarks: [
      documentRemark(parsed.value),
      birthday === undefined ? undefined : ageRemark({ birthday }, values, today),
      values.filerProvince === undefined
        ? undefined
        : certificateProvince({ ...values, 'filerLeader.idNumber': number }, values.filerProvince),
      validityRemark(number, values[`${leader}.validity`], today),
    ],
  });
}

function idProblem(leader: Leader, number: string, values: Values): Problem | undefined {
  if (differ(values) && values[`${other[leader]}.idNumber`] === number) return { code: 'leaders-same' };
  if (leader === 'filerLeader' && values['legalRepresentative.idNumber'] === number) return { code: 'legal-representative-same' };
  return undefined;
}

function readValidity(leader: Leader, typed: string, { values, today }: ReadContext): Reading {
  const parsed = parseValidity(typed, today);
  if (!parsed.ok) return parsed;
  const value = validityValue(parsed.value);
  const number = values[`${leader}.idNumber`];
  return readAs(value, {
    remarks: [
      parsed.value.remark && { code: 'document-expiring' },
      number === undefined ? undefined : validityRemark(number, value, today),
    ],
  });
}

/** 长期 is given to people of 46 and more. */
function validityRemark(number: string, validity: string | undefined, today: string): Remark | undefined {
  const [from = '', to] = validity?.split('/') ?? [];
  if (to !== 'long' || !/^\d{17}[\dX]$/.test(number)) return undefined;
  const birthday = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  return longTermTooYoung(birthday, { to, ...(from !== '' && { from }) }, today)
    ? { code: 'long-term-too-young', age: ageOn(birthday, today) }
    : undefined;
}

/** 2020-01-02 至 2040-01-02, 至长期 */
export function showValidity(value: string): string {
  const [from = '', to = ''] = value.split('/');
  const end = to === 'long' ? '长期' : to;
  return from === '' ? `至${end}` : `${from} 至 ${end}`;
}

function readMobile(leader: Leader, typed: string, values: Values): Reading {
  const copied = saysSame(typed) || saysAbove(typed) ? values.contactMobile : undefined;
  const mobile = readMobiles(copied ?? typed);
  if (!mobile.ok) return mobile;
  const { number, remarks, emergency } = mobile.value;
  if (differ(values) && values[`${other[leader]}.mobile`] === number) return refused({ code: 'leaders-share-mobile' });
  if (values[`${leader}.emergencyMobile`] === number || emergency === number) return refused({ code: 'emergency-same-as-mobile' });
  const key: FieldKey = `${leader}.emergencyMobile`;
  return readAs(number, { remarks, also: emergency !== undefined && values[key] === undefined ? { [key]: emergency } : {} });
}

function readEmergency(leader: Leader, typed: string, values: Values): Reading {
  if (saysSame(typed) && !/联系/.test(typed)) return refused({ code: 'emergency-same-as-mobile' });
  const copied = saysSame(typed) ? values.contactMobile : undefined;
  const mobile = readMobiles(copied ?? typed);
  if (!mobile.ok) return mobile;
  const { number, remarks } = mobile.value;
  if (values[`${leader}.mobile`] === number) return refused({ code: 'emergency-same-as-mobile' });
  if (differ(values) && values[`${other[leader]}.emergencyMobile`] === number) return refused({ code: 'leaders-share-emergency' });
  return readAs(number, { remarks });
}
