import { findPlaces } from '../entities/place.ts';

/** Topics that are about one kind of filer, licence or place only; a question that names another one is not about them. */
interface Bound {
  topics: RegExp;
  /** The question names something else … */
  other: (question: string) => boolean;
  /** … and not what the topics are bound to. */
  own: RegExp;
}

const names = (words: RegExp) => (question: string) => words.test(question);
/** `codes`: the provinces that the topics are about. */
const namesOtherPlaces = (codes: readonly string[]) => (question: string) => {
  const places = findPlaces(question).filter(({ doubt }) => doubt === undefined);
  return places.length > 0 && !places.some(({ province }) => codes.includes(province));
};

const bounds: readonly Bound[] = [
  {
    topics: /^(materials-personal|personal-site-name)$/,
    other: names(/公司|企业|单位|学校|机关|协会|工厂|有限/),
    own: /个人|自己|私人|博客|博主|身份证备|我一个人|没(有)?公司|不是公司|没(有)?执照/,
  },
  {
    topics: /^(materials-enterprise|website-name-rules)$/,
    other: names(/(?<![几一二两三四五六七八九十])个人|博客|个体/),
    own: /公司|企业|单位|我司|工厂/,
  },
  {
    topics: /^license-(time|materials|validity|annual-report|change|cost|renewal|display)$/,
    other: names(/备案(?!号?.{0,8}(?:许可|icp证|edi|经营))/),
    own: /许可|icp证|icp经营|edi|增值|经营证|牌照|b25|b21|证/,
  },
  {
    topics: /^change-(company-name|legal-rep|address|info|deadline|review-time)$/,
    other: names(/许可证|icp证|edi证|增值电信/),
    own: /备案|登记/,
  },
  { topics: /^province-jiangsu$/, other: namesOtherPlaces(['32']), own: /苏/ },
  { topics: /^province-hubei-hunan$/, other: namesOtherPlaces(['42', '43']), own: /湖北|湖南|两湖/ },
  { topics: /^province-guangdong-number$/, other: namesOtherPlaces(['44']), own: /广东|粤/ },
];

/** Whether a topic, found for a normalized question, is about something that the question does not mean. */
export function meansOther(question: string, topic: string): boolean {
  return bounds.some(({ topics, other, own }) => topics.test(topic) && !own.test(question) && other(question));
}
