import { parseAddress } from '../../../knowledge/entities/address.ts';
import { isAside } from '../../../knowledge/entities/aside.ts';
import { parseCreditCode } from '../../../knowledge/entities/credit-code.ts';
import { parseOrganizationName } from '../../../knowledge/entities/organization-name.ts';
import { parsePersonName } from '../../../knowledge/entities/person-name.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import type { Values } from '../../../knowledge/filing/form.ts';
import { type FilerKind, filerKinds } from '../../../knowledge/filing/kinds.ts';
import type { ReadContext, Reading } from '../field.ts';
import type { Remark } from '../problems.ts';
import { addressProvince, creditCodeKind, filerKindOf, isFilerKind, provinceOfAddress } from './checks.ts';
import { extended, type FieldTable, readAs, readText, saysAbove, saysNothing, saysSame, text } from './reading.ts';

/** The filer (主体): whose filing it is. */
export const filerFields = {
  filerName: {
    label: '主体名称',
    names: ['公司名称', '单位名称', '公司名', '单位名', '主办单位', '主办单位名称', '企业名称', '名称', '姓名', '公司', '单位', '店名'],
    ask: ({ filerKind, licenseTask }) =>
      filerKind === 'individual'
        ? '请发您的姓名，和身份证上一致。'
        : licenseTask !== undefined
          ? '请发公司的全称，和营业执照上一字不差。'
          : filerKind === undefined
            ? '请发备案单位的全称，和营业执照等证件上一字不差；以个人名义备案就发您的姓名。'
            : `请发${certificateOf(filerKind)}上的单位全称，一字不差。`,
    why: '管局会拿它和证件逐字核对，差一个字、括号写法不同，都会被退回。',
    example: '示例市青禾信息技术有限公司',
    personalExample: '张示例',
    read: readFilerName,
    privacy: 'personal',
    freeText: true,
  },
  creditCode: {
    label: '统一社会信用代码',
    names: ['信用代码', '社会信用代码', '税号', '执照号', '营业执照号', '代码', '证件号', '注册号'],
    ask: ({ filerKind }) => `请发${certificateOf(filerKind)}上的统一社会信用代码（18位）。`,
    why: '管局按这个代码认主体，也据此判断单位以前有没有备过案。',
    example: '91350100M000100Y43',
    read: readCreditCode,
  },
  filerDocumentAddress: {
    label: '证件住所',
    names: ['住所', '注册地址', '执照地址', '证件地址', '营业执照地址', '身份证地址', '户籍地址', '注册住所'],
    ask: ({ filerKind }) =>
      filerKind === 'individual' ? '请发身份证上的住址，照证件抄。' : `请发${certificateOf(filerKind)}上的住所，照证件一字不差地抄。`,
    why: '这一项要和证件一致，不能写成办公地址；单位在哪个省备案也由它决定。',
    example: '广东省示例市示例区青禾路1号2层201室',
    read: (typed, { values }) => extended(readAddress(typed), (address) => aboutSeat(address, values)),
    privacy: 'personal',
    freeText: true,
  },
  filerAddress: {
    label: '通信地址',
    names: ['通讯地址', '地址', '联系地址', '办公地址', '邮寄地址', '现住址', '居住地址'],
    ask: '请发通信地址，写到门牌或房间号；和证件住所一样就说“一样”。',
    why: '管局核查时按这个地址联系主体，写得不够详细会被退回。',
    example: '青禾路1号2层201室',
    read: readFilerAddress,
    privacy: 'personal',
    freeText: true,
  },
  parentOrganization: {
    label: '上级主管单位',
    names: ['主管单位', '投资者', '上级单位', '主办方', '投资者或上级主管单位'],
    ask: '投资者或上级主管单位是哪家？没有就说“没有”，我们会填本单位的名称。',
    why: '机关、事业单位和社会团体的备案表里有这一栏。',
    example: '示例市文化局',
    read: (typed, { values }) =>
      saysNothing(typed) && values.filerName !== undefined ? readAs(values.filerName) : readText(typed, 2, 100),
    freeText: true,
  },
  filerRemark: {
    label: '主体备注',
    names: ['备注'],
    ask: '主体还有什么要说明的？比如“地址已为最详细”。',
    why: '没有门牌、个体户没有公章等情况在这里说明，少一次退回。',
    example: '通信地址已为最详细',
    read: text(2, 200),
    optional: true,
    freeText: true,
  },
} satisfies FieldTable;

/** 营业执照, or what shows this kind of filer. */
function certificateOf(filerKind: string | undefined): string {
  return filerKind !== undefined && isFilerKind(filerKind) ? filerKinds[filerKind].certificate : '营业执照等证件';
}

function readFilerName(said: string, { values: { filerKind } }: ReadContext): Reading {
  // 个体户 王记茶叶店: what it is, then what it is called.
  const [stated = '', typed = ''] = /^(个体(?:工商)?户[\s，,：:]+)?(.*)$/su.exec(said.trim())?.slice(1) ?? [];
  const named = parseOrganizationName(typed);
  const person = parsePersonName(typed);
  if (filerKind === 'individual')
    return person.ok ? readAs(person.value.name, { also: { 'filerLeader.name': person.value.name } }) : person;
  // 张三 could be a shop; what it is is settled by the kind of filer, which is asked next.
  if (filerKind === undefined && person.ok && (!named.ok || named.value.remark)) return readAs(person.value.name);
  if (!named.ok) return named;
  const { name, remark } = named.value;
  const kind = filerKind === undefined ? (stated ? 'individual-business' : kindNamed(name)) : undefined;
  return readAs(name, { remarks: [remark && { code: `name-${remark}` }], also: kind ? { filerKind: kind } : {} });
}

/** The kind that a name gives away. */
function kindNamed(name: string): FilerKind | undefined {
  if (/代表处$/.test(name)) return 'foreign-representative';
  if (/律师事务所$/.test(name)) return 'law-firm';
  if (/(?:公司|合作社)$/.test(name.replace(/[(（][^()（）]*[)）]$/u, ''))) return 'enterprise';
  if (/(?:协会|学会|商会|研究会)$/.test(name)) return 'social-organization';
  return /基金会$/.test(name) ? 'foundation' : undefined;
}

function readCreditCode(typed: string, { values }: ReadContext): Reading {
  const parsed = parseCreditCode(typed);
  if (!parsed.ok) return parsed;
  const { code, remark } = parsed.value;
  const kind = values.filerKind === undefined ? filerKindOf(code) : undefined;
  return readAs(code, {
    remarks: [
      creditCodeKind(code, values.filerKind),
      remark && { code: `credit-code-${remark}` },
      values.licenseTask !== undefined && !code.startsWith('91') ? { code: 'license-needs-company' } : undefined,
    ],
    also: kind ? { filerKind: kind } : {},
  });
}

function readAddress(typed: string): Reading {
  const parsed = parseAddress(typed);
  if (!parsed.ok) return parsed;
  if (parsed.value.remark && isAside(parsed.value.address)) return refused({ code: 'address-form' });
  return readAs(parsed.value.address, { remarks: [parsed.value.remark && { code: parsed.value.remark }] });
}

/** A unit files in the province of its seat; an individual may choose the one of residence, and is asked. */
function aboutSeat(address: string, { filerKind, filerProvince }: Values): { remarks: (Remark | undefined)[]; also: Values } {
  if (filerKind === 'individual') return { remarks: [], also: {} };
  const province = provinceOfAddress(address);
  return {
    remarks: [addressProvince(address, filerProvince)],
    also: province !== undefined && filerProvince === undefined ? { filerProvince: province } : {},
  };
}

function readFilerAddress(typed: string, { values }: ReadContext): Reading {
  const isSame = saysSame(typed) || saysAbove(typed);
  const same = isSame ? values.filerDocumentAddress : undefined;
  if (isSame && same === undefined) return refused({ code: 'address-other-item' });
  return same === undefined ? readAddress(typed) : readAs(same);
}
