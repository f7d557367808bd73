import { parseBundleId, parseMd5, parsePackageName, parsePublicKey, parseSha1 } from '../../../knowledge/entities/app-identifiers.ts';
import { type Result, refused } from '../../../knowledge/entities/result.ts';
import { appPlatforms, miniProgramPlatforms } from '../../../knowledge/filing/kinds.ts';
import type { Field, Option } from '../field.ts';
import type { Problem } from '../problems.ts';
import { choice, optionsFrom, severalFrom } from './choice.ts';
import { type FieldTable, readAs, saysNothing, saysUnsure } from './reading.ts';

const platformOptions: Option[] = optionsFrom(appPlatforms, {
  android: { words: ['android', '安卓版', '华为', '小米', 'apk'] },
  ios: { words: ['苹果', 'iphone', 'ipad', '苹果版', 'apple'] },
  harmony: { words: ['鸿蒙系统', 'harmonyos', 'harmony', '鸿蒙版'] },
  other: { words: ['其他', '其它', '车机', '电视', 'windows', '电脑'] },
});

const miniOptions: Option[] = optionsFrom(miniProgramPlatforms, {
  wechat: { words: ['微信小程序', 'wechat', 'vx', 'wx'] },
  douyin: { words: ['抖音小程序', '头条', '字节'] },
  alipay: { words: ['支付宝小程序', '阿里'] },
  other: { words: ['其他', '其它', '百度', '快手', '小红书', 'qq'] },
});

const fromDeveloper = '请开发人员从正式签名里导出；暂时没有就说“稍后提供”。';

/** What an app or a mini program is known by. */
export const appFields = {
  'app.platforms': {
    label: 'App平台',
    names: ['平台', '系统', '安卓还是苹果', 'App系统'],
    ask: 'App有哪些系统的版本？可以多选。',
    why: '每个系统的包名和签名要分别登记；同名的可以放在同一个备案里。',
    example: '安卓、iOS',
    ...severalFrom(platformOptions),
  },
  'app.packageName': {
    label: 'App包名',
    names: ['包名', '安卓包名', '鸿蒙包名', '应用包名'],
    ask: '请发正式安装包的包名，例如 com.example.app，大小写照抄。',
    why: '管局和应用商店靠包名认这个App，写错了备案和实际的App就对不上。',
    example: 'com.example.app',
    read: orLater(asParsed(parsePackageName)),
    show: showLater,
  },
  'app.bundleId': {
    label: 'Bundle ID',
    names: ['bundleid', 'ios包名', '苹果包名', 'bundle'],
    ask: '请发iOS版的Bundle ID，例如 com.example.app，大小写照抄。',
    why: 'iOS版靠它登记，要和上架的那一个相同。',
    example: 'com.example.app',
    read: orLater(asParsed(parseBundleId)),
    show: showLater,
  },
  'app.certificateMd5': {
    label: '证书MD5指纹',
    names: ['MD5', 'md5指纹', '签名MD5', '证书MD5'],
    ask: `请发安卓签名证书的MD5指纹（32位）。${fromDeveloper}`,
    why: '用来证明安装包是您签的。调试签名不行，换了证书还要变更备案。',
    example: '0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0',
    read: orLater(asParsed(parseMd5)),
    show: showLater,
  },
  'app.certificateSha1': {
    label: '证书SHA-1指纹',
    names: ['SHA1', 'sha-1', 'sha1指纹', '证书SHA1'],
    ask: `请发签名证书的SHA-1指纹（40位）。${fromDeveloper}`,
    why: 'iOS和鸿蒙版用它核对签名，要取自正式签名。',
    example: '0F:1E:2D:3C:4B:5A:69:78:87:96:A5:B4:C3:D2:E1:F0:01:23:45:67',
    read: orLater(asParsed(parseSha1)),
    show: showLater,
  },
  'app.publicKey': {
    label: 'App公钥',
    names: ['公钥', '签名公钥', '公钥模数'],
    ask: `请发签名证书的公钥（十六进制）。${fromDeveloper}`,
    why: '备案系统用公钥核对安装包的签名。公钥可以公开，请不要发私钥。',
    example: 'A'.repeat(512),
    read: orLater((typed) => {
      const parsed = parsePublicKey(typed);
      if (!parsed.ok) return parsed;
      const { key, remark } = parsed.value;
      return readAs(key, { remarks: [remark && { code: 'app-public-key-length', length: key.length }] });
    }),
    show: (value) => (value.length > 24 ? `${value.slice(0, 12)}…（${value.length}位）` : showLater(value)),
  },
  'miniProgram.platform': {
    label: '小程序平台',
    names: ['平台', '哪个平台'],
    ask: '是哪个平台的小程序？',
    why: '小程序在所属平台的后台提交备案，各平台入口不同。',
    example: '微信',
    options: miniOptions,
    read: choice(miniOptions),
  },
  'miniProgram.appId': {
    label: '小程序AppID',
    names: ['AppID', '小程序ID', 'appid'],
    ask: '请发小程序的AppID，在平台后台的设置页里；不要发密钥。',
    why: '工作人员按AppID找到这个小程序。',
    example: 'wx0123456789abcdef',
    read: (typed) => {
      const id = /[\w-]{5,64}/.exec(typed.normalize('NFKC').replace(/app\s*id/i, ' '))?.[0];
      return id === undefined ? refused({ code: 'app-id-format' }) : readAs(id);
    },
  },
} satisfies FieldTable;

/** What a parser gives is the value. */
function asParsed(parse: (typed: string) => Result<string, Problem>): Field['read'] {
  return (typed) => {
    const parsed = parse(typed);
    return parsed.ok ? readAs(parsed.value) : parsed;
  };
}

/** Developers have these at hand, customers seldom: the form goes on without, and staff ask again. */
function orLater(read: Field['read']): Field['read'] {
  return (typed, context) =>
    typed === 'unsure' || saysUnsure(typed) || saysNothing(typed)
      ? readAs('unsure', { remarks: [{ code: 'developer-provides' }] })
      : read(typed, context);
}

function showLater(value: string): string {
  return value === 'unsure' ? '稍后提供' : value;
}
