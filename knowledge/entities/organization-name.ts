import { isAside } from './aside.ts';
import { settled, visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

export interface OrganizationName {
  /** As typed, brackets in the width they have: the certificate decides which it is. */
  name: string;
  /** It does not end like a full name: 公司, 厂, 店, 中心, 局, 学校 … */
  remark?: 'looks-short-form';
}

export type OrganizationNameProblem =
  | { code: 'organization-name-length'; length: number }
  /** `character` that no name has, at a position from 1; `word`: not part of a name (备案). Neither: fewer than two Chinese characters, or no name (没有). */
  | { code: 'organization-name-form'; character?: string; position?: number; word?: string };

const least = 2;
const most = 100;

/** An organisation's name as its certificate has it, of 2 to 100 characters. Rules: intake survey of 2026-11, section 2.7. */
export function parseOrganizationName(typed: string): Result<OrganizationName, OrganizationNameProblem> {
  const name = plainName(typed);
  const characters = [...name];
  if (characters.length < least || characters.length > most)
    return refused({ code: 'organization-name-length', length: characters.length });
  const at = characters.findIndex((character) => !/[\p{L}\p{N}\p{M}()（）〈〉《》“”"·•・&＆.．+' \p{Pd}]/u.test(character));
  if (at >= 0) return refused({ code: 'organization-name-form', character: characters[at] ?? '', position: at + 1 });
  if (/^(?:还?没有|还没|暂无|不知道|不清楚|稍后|待定)/u.test(name)) return refused({ code: 'organization-name-form' });
  // 我爱我家中介公司 is one all the same: it ends like one.
  if (isAside(name) && !endings.test(name)) return refused({ code: 'organization-name-form' });
  if ((name.match(/\p{Script=Han}/gu) ?? []).length < 2) return refused({ code: 'organization-name-form' });
  const [word] = /备案(?:专用|网站|用)?$/.exec(name) ?? [];
  if (word) return refused({ code: 'organization-name-form', word });
  return accepted(endings.test(name) ? { name } : { name, remark: 'looks-short-form' });
}

const leadIn =
  /^(?:(?=[我本咱公单企机店学主名全])(?:我们?|本|咱们?)?的?(?:公司|单位|企业|机构|店铺?|学校|主办单位)?的?(?:名称|全称|名字|全名)?\s*(?:叫做?|就?是|为|[:：])|(?:就?是|叫做?)(?=.{2,}公司)|(?:公司|单位|企业|机构|主办单位)?(?:名称|全称)(?=\s))\s*/u;

// How full names end, with what may follow in brackets: （普通合伙）, （有限合伙）.
const endings =
  /(?:公司|厂|店|中心|所|局|院|校|学|会|社|站|馆|园|部|行|室|处|队|集团|基金|合伙|商城|超市|酒店|农场|政府|委|办|联盟|银行|寺|堂|坊|吧|铺|庄|村|企业|幼儿园|工作室|办公室)(?:[（(][^（()）]{1,20}[）)])?$/u;

function plainName(typed: string): string {
  return settled(visible(typed.slice(0, 1000)), withoutFrame);
}

/** Without the words and signs around it. */
function withoutFrame(typed: string): string {
  return (
    typed
      .trim()
      .replace(leadIn, '')
      .replace(/^[《“"「【[]+|[》”"」】\]]+$/gu, '')
      .replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
      .replace(/\s+/g, ' ')
      .replace(/[。，,；;！!.．、]+$/u, '')
      // What follows a whole name and a comma says something else.
      .replace(/^([^，,；;。]{4,}?)[，,；;。].*$/u, (whole, head: string) => (endings.test(head) ? head : whole))
      .trim()
  );
}
