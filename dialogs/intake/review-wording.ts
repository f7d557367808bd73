import { yearOf } from '../../knowledge/calendar/days.ts';
import { provinceOf } from '../../knowledge/entities/province.ts';
import type { RequiredDocument } from '../../knowledge/filing/documents.ts';
import { businessModels, contentCategories, preApprovalSectors } from '../../knowledge/filing/kinds.ts';
import type { NextStep } from '../../knowledge/filing/next-steps.ts';
import type { Finding } from '../../knowledge/filing/review.ts';
import { isProvince } from '../../knowledge/filing/situation.ts';

// What the review says, the documents to prepare and the next steps, in the Markdown subset of knowledge/faq.

/** A finding in one line: what is wrong, what to do, and the rule of the province it rests on. */
export function wordFinding(finding: Finding): string {
  const [title, remedy] = wordCause(finding);
  return `**${title}**：${remedy}${ruleOf(finding)}`;
}

/** Where a finding comes from: title and date. */
export function wordSource({ title, asOf }: { title: string; asOf: string }): string {
  return `${title}，${period(asOf)}`;
}

/** What to prepare, by title alone: the printable list says who signs and what to look out for. Empty when nothing is needed. */
export function wordDocuments(documents: readonly RequiredDocument[]): string {
  const titles = (certain: boolean) => documents.filter((document) => document.certain === certain).map(({ title }) => `- ${title}`);
  const maybe = titles(false);
  return [...titles(true), ...(maybe.length > 0 ? [`- 看情况可能还要${maybe.length}样，清单里有说明`] : [])].join('\n');
}

/** How pictures of documents have to be; providers' pages of 2026-05. */
export const photoAdvice = '照片用原件彩色拍照或扫描：四角齐全、字迹清楚、不反光。水印只能写“仅供备案使用”，不要压住文字。';

/** The first of the steps, in a sentence. */
export function wordFirstStep([first]: readonly NextStep[]): string {
  return first ? wordStep(first, yearOf(first.latest ?? '')) : '';
}

export function wordNextSteps(steps: readonly NextStep[]): string {
  const [first] = steps.flatMap(({ latest }) => latest ?? []);
  const year = first === undefined ? 0 : yearOf(first);
  const list = steps.map((step, at) => `${at + 1}. ${wordStep(step, year)}`).join('\n');
  const dated = steps.some(({ latest }) => latest !== undefined);
  const estimated = steps.some(({ calendarEstimated }) => calendarEstimated);
  const notes = [
    dated ? '日期按工作日历推算，只是预计，不是承诺；被退回修改的，要重新计算。' : '',
    estimated ? '其中部分年份的放假安排还没公布，可能差几天。' : '',
  ].filter((note) => note !== '');
  return notes.length > 0 ? `${list}\n\n${notes.join('')}` : list;
}

/** `year`: of the first day that is told; days of other years are told with theirs. */
function wordStep(step: NextStep, year: number): string {
  const { facts = {} } = step;
  const days = when(step, year);
  switch (step.code) {
    case 'agency-check':
      return `**我们核对资料**${days}：有疑问会联系您。`;
    case 'agency-contact':
      return `**我们联系您**${days}：核对情况，说明怎么办。`;
    case 'platform-review':
      return '**在小程序平台后台提交**：由平台先审核，再报管局。';
    case 'face-verification':
      return '**服务负责人刷脸核验**：提交接入商之前，由本人完成，我们会通知您。';
    case 'provider-review':
      return facts.only === 'ip'
        ? `**接入商审核**${days}：只改IP或接入方式的，多为自动审核。`
        : `**接入商初审**${days}：可能来电核对，请接听。`;
    case 'sms-verification':
      return `**短信核验**${days}：${receiver(facts.to)}收到12381短信后，24小时内到 [工信部备案系统](https://beian.miit.gov.cn/) 填验证码。验证码不要告诉任何人。`;
    case 'administration-review':
      return facts.cancel === 'yes'
        ? `**通信管理局处理注销**${days}：通常1到5个工作日，最长20个工作日；提交后不能撤回。`
        : `**通信管理局审核**${days}：材料齐全后最长20个工作日，没有加急通道。`;
    case 'publish-number':
      return facts.service === 'website'
        ? '**拿到备案号后**：在网站首页底部放上备案号，并链接到 beian.miit.gov.cn。'
        : '**拿到备案号后**：在显著位置（一般是“设置”“关于”）标明备案号，并链接到 beian.miit.gov.cn。';
    case 'public-security':
      return `**公安联网备案**：开通后${facts.days ?? '30'}日内，到 [公安备案平台](https://beian.mps.gov.cn/) 办理。`;
    case 'stop-service':
      return '**注销通过后**：备案号失效，网站或App要停止访问；不能恢复，以后再用要重新备案。';
    case 'cancel-old-access':
      return '**接入成功后**：再到原接入商取消接入，顺序不能反。';
    case 'paper-form':
      return '**人工核实身份**：备案手机用不了，要先按接入商要求交身份证明和声明函。';
    case 'open-order':
      return '**确定办法后再办**：该变更的办变更，该注销的办注销。全程不需要备案密码。';
    case 'prepare-license':
      return '**准备申请材料**：时间看材料齐不齐，我们会列出缺的项。';
    case 'license-acceptance':
      return '**提交申请**：一般5个工作日左右告知是否受理。';
    case 'license-review':
      return `**审批**：受理后最长${facts.days ?? '60'}日，不保证通过。`;
    case 'license-renewal':
      return `**留意时间**：许可证到期前${facts.days ?? '90'}日就要申请延续。`;
    case 'license-annual-report':
      return '**年报**：每年第一季度在电信业务市场综合管理系统提交。';
  }
}

function receiver(to: string | undefined): string {
  if (to === 'both') return '主体负责人和服务负责人各自';
  if (to === 'filer-leader') return '主体负责人';
  return to === 'maybe' ? '是否要核验各家不同；负责人' : '服务负责人';
}

function when({ usual, latest }: NextStep, year: number): string {
  if (latest === undefined) return '';
  if (!usual) return `（最晚预计${shortDay(latest, year)}）`;
  const [from, to] = usual;
  const span = from === to ? shortDay(to, year) : `${shortDay(from, year)}至${shortDay(to, year)}`;
  return to === latest ? `（预计${span}）` : `（预计${span}，最晚${shortDay(latest, year)}）`;
}

/** 12月1日, with the year when it is another. */
function shortDay(day: string, year: number): string {
  const [, month = '', date = ''] = day.split('-');
  return `${yearOf(day) === year ? '' : `${yearOf(day)}年`}${Number(month)}月${Number(date)}日`;
}

function fullDay(day = ''): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return date ? `${year}年${Number(month)}月${Number(date)}日` : day;
}

function period(asOf: string): string {
  const [from = '', to] = asOf.split('/');
  return to === undefined ? moment(from) : `${moment(from)}至${moment(to)}`;
}

function moment(date: string): string {
  const [year = '', month] = date.split('-');
  return month === undefined ? `${year}年` : `${year}年${Number(month)}月`;
}

function ruleOf({ facts = {} }: Finding): string {
  const { rule, asOf, disputed } = facts;
  if (!rule) return '';
  return `当地要求（${asOf ? `${period(asOf)}资料` : '资料'}${disputed === 'yes' ? '，说法不一' : ''}）：${rule}`;
}

function provinceName(code: string | undefined): string {
  return code !== undefined && isProvince(code) ? provinceOf(code).shortName : '当地';
}

function labels(codes: string | undefined, table: Readonly<Record<string, string>>): string {
  return (codes ?? '')
    .split(',')
    .filter((code) => Object.hasOwn(table, code))
    .map((code) => table[code])
    .join('、');
}

const sectorLabels: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(preApprovalSectors).map(([code, { label }]) => [code, label]),
);

function who(leader: string | undefined): string {
  if (leader === 'self') return '您';
  return leader === 'serviceLeader' ? '服务负责人' : '主体负责人';
}

/** What is wrong, and what to do about it. */
function wordCause({ code, facts = {} }: Finding): [string, string] {
  const { word = '', leader, day } = facts;
  switch (code) {
    case 'registrant-other':
      return ['域名不在主体名下', '请先在注册商处过户到备案主体，实名满3天后再提交。'];
    case 'registrant-legal-representative':
      return ['域名在法定代表人名下', '能不能用看当地，过户到单位名下最稳妥。'];
    case 'registrant-unsure':
      return ['域名持有人还不清楚', '请到注册商后台查一下，持有人要与备案主体一致。'];
    case 'registrant-unverified':
      return ['域名实名不满3天或还没实名', '请先完成实名，满3天（最好3到5个工作日）再提交，否则查不到实名信息会退回。'];
    case 'registrant-verification-unsure':
      return ['域名是否实名还不清楚', '请到注册商后台确认已实名，并且满3天。'];
    case 'domain-expired':
      return ['域名已过期', `域名在${fullDay(day)}到期了，请先续费或换一个。`];
    case 'domain-expiring':
      return ['域名快到期', `域名${fullDay(day)}到期，建议先续费一年${facts.days ? `；有资料要求剩余${facts.days}天以上` : ''}。`];
    case 'domain-several':
      return ['一次填了多个域名', '一个网站只登记一个域名，其余的要另外新增。'];
    case 'domain-suffix':
      return ['域名后缀不常见', `“.${word}”能不能备案，请先在 domain.miit.gov.cn 查是否获批。`];
    case 'domain-suffix-lost':
      return ['后缀可能不能再备', `“.${word}”如果没有获批，注销后就不能再备案了，请先查清。`];
    case 'domain-government-only':
      return ['域名只供党政机关使用', '.gov.cn和.政务域名限党政机关，请换域名或改主体类型。'];
    case 'domain-government-wanted':
      return ['域名类型', '党政机关一般用.gov.cn或.政务域名，用别的请先确认。'];
    case 'name-national':
      return [`名称里有“${word}”`, '“国字头”的名称要有批准文件，否则会被退回，请换一个。'];
    case 'name-banned':
      return [`名称里有“${word}”`, '备案不接受这类词，请换一个名称。'];
    case 'name-form':
      return ['名称写法不合要求', '不能是纯数字、英文、域名或带特殊符号，请用能说明内容的中文名。'];
    case 'name-too-short':
      return ['名称太短', '至少要有三个汉字。'];
    case 'name-long':
      return ['名称偏长', `建议控制在${facts.most ?? '20'}个字以内。`];
    case 'name-sensitive':
      return [`名称里有“${word}”`, '容易被要求补资质，没有相应内容就建议换掉。'];
    case 'name-industry':
      return [`名称里有“${word}”`, '管局可能要批文或不涉及承诺书。做这块业务的，请补前置审批；不做的，请备好承诺书。'];
    case 'name-finance':
      return [`名称里有金融类的“${word}”`, '一般要金融牌照或监管文件；不从事的要承诺书，仍可能不予备案。'];
    case 'name-individual':
      return [`个人网站名称里有“${word}”`, '个人网站名称不能像企业、产品或论坛，建议用三到十个字的普通词。'];
    case 'name-individual-pattern':
      return ['个人网站名称有固定格式', '请照当地的格式改名。'];
    case 'name-unlike-filer':
      return ['网站名称和单位名称没有关联', '建议带上单位简称，或者附情况说明。'];
    case 'name-latin':
      return ['网站名称里有英文', '建议改成纯中文。'];
    case 'name-unique':
      return ['网站名称不能重名', '请先确认没有和已备案的网站同名。'];
    case 'name-place':
      return [`名称里有地名“${word}”`, '建议改用单位简称。'];
    case 'remark-short':
      return ['内容说明太短', `至少写${facts.least ?? '20'}个字：给谁看、放什么、不做什么。`];
    case 'remark-long':
      return ['内容说明太长', `请控制在${facts.most ?? '200'}字以内。`];
    case 'remark-vague':
      return [`内容说明里有“${word}”`, '这样写会被退回，请写清网站实际的内容。'];
    case 'remark-commercial':
      return [`个人网站的说明里有“${word}”`, '个人备案不能有企业或经营内容。要经营的，请先办执照、按单位备案。'];
    case 'remark-declaration':
      return ['内容说明里缺一句声明', '请按当地要求补上。'];
    case 'content-individual':
      return ['服务内容超出个人范围', `个人一般只能选“博客/个人空间”或“其他”，您选了${labels(facts.categories, contentCategories)}。`];
    case 'content-province':
      return ['服务内容类别', '当地对可选的类别另有要求，请改选。'];
    case 'individual-commercial':
      return ['个人网站不能经营', `您选了${labels(facts.models, businessModels)}。请先办营业执照、按单位备案，或去掉这些内容。`];
    case 'license-maybe':
      return [
        '可能还要办经营许可证',
        `您选了${labels(facts.models, businessModels)}，可能要办ICP证（B25）或EDI证（B21），由工作人员复核。`,
      ];
    case 'pre-approval-needed':
      return ['涉及前置审批', `${labels(facts.sectors, sectorLabels)}：请备好许可文件，持证单位要与备案主体一致、在有效期内。`];
    case 'pre-approval-individual':
      return ['个人不能做需要审批的内容', `${labels(facts.sectors, sectorLabels)}：请改用单位备案，或去掉这些内容。`];
    case 'pre-approval-unsure':
      return ['是否涉及前置审批还不清楚', '由工作人员按实际内容帮您判断，请先别上线这些内容。'];
    case 'filer-kind-company':
      return ['主体类型选错了', '名称像是单位。有执照的请选企业或个体工商户，不要选个人。'];
    case 'filer-kind-code':
      return ['代码和主体类型对不上', '统一社会信用代码看起来是另一类单位，请对照证件核对。'];
    case 'filer-name-individual':
      return ['姓名不一致', '个人备案的主体名称就是本人姓名，请改成一样的。'];
    case 'certificate-region':
      return [
        '证件和备案省份不同',
        facts.registered
          ? `代码是在${provinceName(facts.registered)}登记的。备案省份以证件住所为准，请核对。`
          : '要先确认能不能办、要不要居住证明。',
      ];
    case 'certificate-region-refused':
      return ['外省身份证不能在这里备案', `${provinceName(facts.province)}的个人备案不收外省身份证，请在身份证所在省办理。`];
    case 'document-other-province':
      return ['备案省份选错了', `证件住所在${provinceName(facts.province)}，单位只能在证件住所所在省备案。`];
    case 'address-vague':
      return ['通信地址不够详细', '请写到门牌号或楼层房间；确实没有的，在备注写“已为最详细”。'];
    case 'address-other-province':
      return ['通信地址在外省', `地址写的是${provinceName(facts.province)}，和备案省份不同，请核对。`];
    case 'address-other-city':
      return ['通信地址和证件住所不在同一个市', '请改成同市的地址。'];
    case 'address-district-word':
      return ['地址里有“市辖区”', '请改写成具体的区名。'];
    case 'party-building':
      return ['党建证明', '是否还要，请先向接入商确认。'];
    case 'institution-approval':
      return ['开办审核', '机关、事业单位要先办这一步。'];
    case 'individual-business-rules':
      return ['个体工商户的要求', '请对照一下执照。'];
    case 'special-filer':
      return ['这类主体由人工办理', '各地要求不同，工作人员会联系您确认证件。'];
    case 'parent-organization':
      return ['上级主管单位没有填', '请补上。'];
    case 'leader-not-legal-representative':
      return ['主体负责人不是法定代表人', `${provinceName(facts.province)}要求主体负责人由法定代表人担任，请改填。`];
    case 'leader-letter':
      return facts.same === 'yes'
        ? ['负责人和法定代表人同名', '同一个人的，请改成“是法定代表人”；同名不同人请告诉工作人员。']
        : ['主体负责人不是法定代表人', '先确认当地是否接受；接受的，要法定代表人签字、单位盖章的授权书。'];
    case 'leader-foreign':
      return ['法定代表人不持内地身份证', '由授权的中国公民同时任两个负责人，请按当地要求准备。'];
    case 'leader-document':
      return [`${who(leader)}用的不是居民身份证`, '能不能用这种证件，请先确认。'];
    case 'leaders-must-be-same':
      return ['两个负责人要是同一人', '主体负责人不是法定代表人时，服务负责人也必须是同一个人。'];
    case 'leaders-same-person':
      return ['两个负责人其实是同一人', '证件号码相同，请改成“同一人”，不用填两遍。'];
    case 'leaders-share-mobile':
      return ['两位负责人的手机号相同', '不是同一人时不能相同，请改一个。'];
    case 'leaders-share-email':
      return ['两位负责人的邮箱相同', '不是同一人时不能相同，请改一个。'];
    case 'leaders-share-emergency':
      return ['两位负责人的应急电话相同', '建议分开填。'];
    case 'emergency-same':
      return ['应急电话和本人手机号相同', `请给${who(leader)}换一个家人或同事的号码。`];
    case 'emergency-rule':
      return ['应急电话', `${provinceName(facts.province)}另有要求，请对照。`];
    case 'mobile-virtual':
      return ['虚拟运营商号码', '可能收不到12381核验短信，建议换成移动、联通、电信或广电的号码。'];
    case 'mobile-data-card':
      return ['像是上网卡或物联网卡', '可能收不到核验短信，建议换普通手机号。'];
    case 'mobile-local':
      return ['手机号归属地', `${provinceName(facts.province)}可能要求本省号码，请核对。`];
    case 'too-young':
      return [`${who(leader)}年龄不够`, `当地要求满${facts.least ?? '18'}周岁，请换成年负责人或请工作人员确认。`];
    case 'age-proof':
      return [`${who(leader)}未满${facts.free ?? '18'}周岁`, '一般要另交工作、收入或监护人证明，请先确认。'];
    case 'too-old':
      return ['服务负责人年龄偏大', '当地可能不受理，建议换人。'];
    case 'certificate-expired':
      return [`${who(leader)}的证件已过期`, `有效期到${fullDay(day)}，请先换证，过期证件一定会被退回。`];
    case 'certificate-expiring':
      return [`${who(leader)}的证件快到期`, `有效期到${fullDay(day)}，不足三个月，建议先换证。`];
    case 'certificate-not-yet-valid':
      return [`${who(leader)}的证件还没生效`, '起始日在今天之后，请对照证件核对。'];
    case 'certificate-long-term':
      return [`${who(leader)}的证件填了“长期”`, '长期有效的身份证只发给46岁以上的人，请对照证件核对。'];
    case 'server-overseas':
      return ['服务器在境外', '境外和港澳台的服务器不需要、也办不了备案；要备案，请换成境内服务器。'];
    case 'server-registrar':
      return ['填的像是域名注册商', '备案跟着服务器走，请填提供服务器的那一家。'];
    case 'server-home':
      return ['家用宽带一般不能备案', '请改用接入商的境内服务器。'];
    case 'server-none':
      return ['还没有服务器', '要有境内服务器或备案服务码才能提交。'];
    case 'service-code-missing':
      return ['还没有服务器实例或服务码', '提交前要有境内服务器或备案服务码，请先准备好。'];
    case 'server-term':
      return ['服务器付费方式', '按量付费和试用的不行，要包年包月，并且剩余时间足够。'];
    case 'app-debug-key':
      return ['像是调试包', '请用正式签名的安装包信息。'];
    case 'order-pending':
      return ['已有一笔在办的申请', '同一主体一次只能办一笔，请等它结束，或先撤回。'];
    case 'order-pending-unsure':
      return ['有没有在办的申请还不清楚', '请问一下原来的接入商，有的话要等它结束。'];
    case 'filer-changed':
      return ['主体资料有变化', '请先办变更备案，再来新增，否则会被退回。'];
    case 'filer-changed-unsure':
      return ['主体资料有没有变还不清楚', '请核对名称、证件、负责人手机和地址，变了要先变更。'];
    case 'sites-unreachable':
      return ['已备案的网站打不开或没挂备案号', '请先恢复并在底部挂号，不用的先注销，再提交新增。'];
    case 'sites-unreachable-unsure':
      return ['请检查已备案的网站', '都要能打开、底部挂好备案号，管局会逐个看。'];
    case 'filer-elsewhere':
      return ['原备案不在这家接入商', '新的接入商要先录一遍主体信息，内容要与原备案一致。'];
    case 'several-sites':
      return ['网站数量', '当地对数量有要求，名下网站较多的请留意。'];
    case 'leader-mobile-lost':
      return ['负责人手机收不到短信', '请先变更手机号；办不了的，由接入商人工核实身份。'];
    case 'leader-mobile-unsure':
      return ['负责人手机能否收短信还不清楚', '请先确认，核验短信24小时内有效。'];
    case 'service-number-incomplete':
      return ['备案号少了序号', '要办的是其中一个网站或App，号码末尾应带“-1”这样的序号。'];
    case 'access-same-provider':
      return ['新旧接入商是同一家', '同一家换服务器不用新增接入，办“变更备案”里的IP变更就行。'];
    case 'access-before-cancelling':
      return ['注意顺序', '先办好新增接入，再取消旧的；反了备案会被注销。'];
    case 'change-province':
      return ['跨省不能直接变更', `原备案在${provinceName(facts.province)}。一般要先注销，再到新省重新备案。`];
    case 'change-filer':
      return ['换主体多半不能直接变更', '多数要先注销、再以新主体备案，期间网站不能访问；工作人员会先核对。'];
    case 'change-certificate-number':
      return ['证件号码变了吗', '只更新有效期和照片可以变更；号码变了，有的省要注销重办。'];
    case 'change-domain-holder-first':
      return ['先改域名实名', '请先把域名持有人改成新名称，同步后再提交变更。'];
    case 'change-service-leader-too':
      return ['服务负责人要不要一起换', '原法定代表人同时是服务负责人的，两处都要改。'];
    case 'change-whole-filing':
      return ['变更方式', '当地只接受合并的“变更备案”。'];
    case 'change-domain-removed':
      return ['删掉的域名不能再用', '变更只能删域名，不能加、不能换；新域名要走新增。'];
    case 'cancel-everything':
      return ['其他网站会一起失效', '注销主体后，名下所有网站和App、包括别家接入商的，都会失效。只想注销一个的，请改办注销服务。'];
    case 'cancel-leaves-shell':
      return ['注销后主体会变成空壳', '这是唯一的网站或App。以后不再备案的，请改办注销主体。'];
    case 'cancel-last-access':
      return ['没有别家接入，备案会被注销', '还要用的，请先在新接入商办好接入，再来取消。'];
    case 'cancel-by-form':
      return ['当地不能在线注销', '要用书面申请表，工作人员会告诉您怎么交。'];
    case 'cancel-unconfirmed':
      return ['还没确认不可撤回', '注销提交后不能撤回，请您确认后再提交。'];
    case 'service-at-platform':
      return ['小程序在所属平台办理', '由工作人员指导您在平台后台提交，不走云接入商。'];
    case 'recover-by-person':
      return ['需要人工核实', '要准备证件和盖章声明，交接入商或管局，工作人员会联系您。'];
    case 'recover-no-password':
      return ['备案密码已经取消', '2020年8月起改为短信核验，不用再找回密码；有人索要的，请先别给。'];
    case 'license-company-only':
      return ['申请人要是公司', '个人、个体户和机关不能办许可证，请先设立公司。'];
    case 'license-capital':
      return ['注册资本不够', `最低要${facts.least ?? '100'}万元，请先增资。`];
    case 'license-capital-provinces':
      return ['跨省经营的注册资本不够', `跨省最低要${facts.least ?? '1000'}万元；也可以先办省内的。`];
    case 'license-foreign':
      return ['有外资或股东还不清楚', '信息服务原则上有外资股比限制，北京、上海、海南、深圳有试点，由工作人员核对。'];
    case 'license-sanctions':
      return ['被列入失信名单', '列入电信业务失信名单的不符合条件，要先移出。'];
    case 'license-sanctions-unsure':
      return ['是否在失信名单还不清楚', '请先查清公司、主要股东和管理人员。'];
    case 'license-site-empty':
      return ['网站或App还没上线', '空站会被退，请先备案、上线，内容要齐全。'];
    case 'license-filing-first':
      return ['先备案，后办证', '请先完成网站或App的备案。'];
    case 'license-staff':
      return ['专业人员偏少', '法规没有人数要求，但窗口常见要3人近一个月的社保。'];
    case 'license-transfer':
      return ['许可证不能转让、挂靠', '法规不允许租借、买卖或转让，要用自己的公司重新申请。'];
    case 'license-perhaps-not':
      return ['多半只要备案', '只介绍自己、只卖自家商品的，一般不用许可证，由工作人员复核。'];
  }
}
