import type { FieldKey } from '../filing/form.ts';
import type { SourceKey } from './sources.ts';

/**
 * Where a returned application begins again. `administration`: the provider's review, the SMS and then the administration's 20 workdays
 * run anew; `provider`: it never reached the administration, so its period had not begun; `none`: sending it again is not the remedy.
 */
export type Restart = 'administration' | 'provider' | 'none';

/** One reason for which applications are returned. Words for customers are Simplified Chinese, without a full stop where they are a part. */
export interface Cause {
  id: string;
  /** What is wrong, as a phrase: 域名还没有完成实名认证. */
  title: string;
  field?: FieldKey;
  /** Where to look for it, as a phrase. */
  look: string;
  /** What to do, in whole sentences. */
  remedy: string;
  documents?: readonly string[];
  /** Where it is usually found; a notice that says who returned it overrules this. */
  restarts: Restart;
  /** The topic of `knowledge/faq` that explains more. */
  topic: string;
  source: SourceKey;
  /** Wordings, see `wordingOf`. */
  says: readonly string[];
  /** Parts of a sentence with this wording are about something else. */
  unless?: string;
  /** Wordings that often stand beside the real cause (请在备注中说明): they count when their sentence names no other. */
  hints?: readonly string[];
}

/** Names in the braces of wordings. Alternatives only, longest first. */
const named: Record<string, string> = {
  cert: '营业执照|执照|身份证|证件|证照|居住证|护照|登记证|法人证书|通行证',
  photo:
    '照片|图片|图像|影像|扫描件|营业执照|执照|身份证|居住证|护照|证件照|证件|证照|证书|授权书|承诺书|核验单|截图|附件|材料|正面|反面|背面|国徽面|人像面|签字|公章',
  filer: '主办单位|主办者|开办者|主体|单位|企业|公司|机构',
  service: '网站|站点|app|应用|小程序|快应用|互联网信息服务|服务',
  phone: '电话|手机|号码|联系方式|座机|来电',
  mobile: '手机号码|手机号|手机|电话号码|电话',
  mismatch:
    '不一致|不相一致|不相符|不符|不匹配|不对应|不吻合|对不上|对应不上|有出入|不统一|有差异|存在差异|存在不一致|有差别|无法对应|不相同|不是同一|非同一|不同(?!意|步)|未保持一致|应(?:当)?(?:保持)?一致|须(?:保持)?一致|需(?:保持)?一致|必须一致|应(?:当)?相同',
  wrong:
    '有误|错误|不正确|不准确|填错|写错|错填|选错|误填|不对(?!应)|有错|不规范|不合规|不合法|错漏|不当|填反|不符合(?:要求|规范|规定)|不满足要求',
  no: '尚未|并未|仍未|未能|未按要求|未按规定|未|没有|没|缺少|欠缺|缺|漏|无',
  must: '必须|请|须|需|应|要求',
  give: '补充|补齐|补办|附具|附加|补交|补传|补签|补上|补|提供|上传|提交|出具|附上|附|签署|递交|报送|办理|取得|填写',
  wholeName: '网站命名|网站的名称|app的名称|网站名称|网站名|站点名称|app名称|应用名称|小程序名称|服务名称',
};

/**
 * A wording as a regular expression over a sentence of a normalized notice: `…` is up to 14 characters within a part between commas,
 * `~` up to 18 across them, `{cert}` and the like stand for the words that `named` lists.
 */
export function wordingOf(wording: string, flags = 'u'): RegExp {
  const source = wording
    .replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => `(?:${named[name] ?? failFor(name)})`)
    .replaceAll('…', '[^,]{0,14}?')
    .replaceAll('~', '.{0,18}?');
  return new RegExp(source, flags);
}

function failFor(name: string): never {
  throw new Error(`Wordings of returned notices have no list {${name}}: add it to \`named\` in knowledge/returned/cause.ts.`);
}

/** Wordings that a document is wanted: 未提供…, 请上传…, …缺失. 请重新上传 is not among them: then it was there, and wrong. */
export function wanted(document: string): string[] {
  return [
    `{no}(?:见到?|{give}|有)?[^,]{0,10}?(?:${document})(?!…(?:签|章))`,
    `{must}[^,]{0,6}?(?<!重新)(?:{give}|具备|具有)[^,]{0,16}?(?:${document})(?!…(?:照片|清晰|原件))`,
    `(?:${document})…(?:缺失|(?:缺少|欠缺)(?!…(?:签|章))|{no}(?:见|{give}|签(?!字|名|章))(?!…(?:签|章))|为空|待补)`,
  ];
}
