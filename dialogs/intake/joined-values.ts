import { parseAddress } from '../../knowledge/entities/address.ts';
import { parseOrganizationName } from '../../knowledge/entities/organization-name.ts';
import { parsePersonName } from '../../knowledge/entities/person-name.ts';
import { provinces } from '../../knowledge/entities/province.ts';
import type { FieldKey } from '../../knowledge/filing/form.ts';

/**
 * Whether words that stand behind a label with nothing between (网站名称青禾信息, 法人张三) are its value. More is asked of them than of
 * words after a colon: they may as well be the rest of a sentence (网站名称怎么起, 法人换了).
 */
export function standsAsValue(label: string, value: string, key: FieldKey): boolean {
  if (talk.test(value)) return false;
  switch (key) {
    case 'filerName':
      return isOrganization(value);
    case 'filerLeader.name':
    case 'serviceLeader.name':
    case 'legalRepresentative.name':
      return isPerson(value);
    case 'contactName':
      return isPerson(value.replace(/(?:先生|女士|小姐)$/u, '某'));
    case 'onlineService.name':
      return label.includes('名') && /^[\p{Script=Han}\p{L}\p{N}·—-]{2,20}$/u.test(value);
    case 'onlineService.domainName':
      return /^[\p{Script=Han}\w-]+[.。][\p{Script=Han}\w.-]+$/u.test(value);
    case 'filerDocumentAddress':
    case 'filerAddress':
      return isAddress(value);
    case 'accessProvider':
      return /^[\p{Script=Han}\w]{1,10}(?:云|网络|科技|数据|互联|公司)$/u.test(value);
    case 'filerProvince':
      return provinces.some(({ name, shortName }) => value === name || value === shortName);
    default:
      return false;
  }
}

/** How sentences go on after a name of something, and how they end. */
const talk =
  /^(?:怎|如何|要|能|可|不|没|未|无|有|是|和|与|跟|及|或|在|用|填|写|起[啥个什名]|取|改|换|变更|叫|该|应|需|必|已|还|就|也|都|先|再|被|太|很|好像|重复|相同|一样|一致|审核|规范|规则|要求|格式|长度|限制|问题|方面|方式|错|违规|驳回|退回|通过|核验|备案|修改|信息|证书|里|上|下|的|得|以|含|带|过|何|马上|任何|单位|到期|什么|哪|谁|多)|(?:[了过吗呢吧的啊嘛]|一致|重复|错误|要求|失败|通过|没过)$/u;

function isOrganization(value: string): boolean {
  const parsed = parseOrganizationName(value);
  return parsed.ok && parsed.value.remark === undefined && [...value].length >= 4;
}

function isAddress(value: string): boolean {
  const parsed = parseAddress(value);
  return parsed.ok && parsed.value.remark === undefined && /[省市区县州盟旗镇乡村].*[路街道巷弄号村组]/u.test(value);
}

function isPerson(value: string): boolean {
  const [, family = '', given = ''] = new RegExp(`^(${doubleNames}|[${singleNames}])(.*)$`, 'u').exec(value) ?? [];
  const isChinese = family !== '' && /^\p{Script=Han}{1,2}$/u.test(given) && !notNames.test(given);
  const isOther = /^\p{Script=Han}{2,6}(?:·\p{Script=Han}{2,8}){1,3}$/u.test(value);
  return (isChinese || isOther) && (given === '某' || parsePersonName(value).ok);
}

/** What sentences have and given names do not. */
const notNames = /[不没有了要过吗的是在去来用就都也]/u;

// The families of nine in ten people: 百家姓 by the count of 2020, without those that begin other words in sentences (和, 能, 时, 应).
const singleNames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟闵苟邬边卞姬';
const doubleNames = '欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|端木|独孤|南宫|夏侯|轩辕|长孙';
