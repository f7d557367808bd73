import { type Province, provinceOf, provinceRules } from '../../knowledge/entities/province.ts';
import { businessModels, filerKinds, preApprovalSectors } from '../../knowledge/filing/kinds.ts';
import { youngestAsked } from '../../knowledge/filing/least-age.ts';
import type { PersonNeeded, Problem, Remark } from './problems.ts';

export function problemCode(problem: Problem): string {
  return problem.code;
}

/**
 * What is wrong with an answer, where to look and how to mend it, in one or two sentences. The right check digit is never told: it
 * would make a mistyped number look right. Contents: intake survey of 2026-11, section 12.
 */
export function explainProblem(problem: Problem): string {
  switch (problem.code) {
    case 'id-number-length':
      if (problem.length === 0) return '没有看到证件号。身份证号是18位，请对照证件正面发来。';
      return problem.length === 15
        ? '15位的是旧身份证号，现在的身份证号是18位，请对照现行证件发来。'
        : `身份证号应是18位，您发来的是${problem.length}位。请对照证件正面再发一次。`;
    case 'id-number-chars':
      return `身份证号前17位都是数字，只有最后一位可能是X。您发来的第${problem.position}位是“${problem.character}”，请对照证件改一下。`;
    case 'id-number-region':
      return `号码的前两位“${problem.typed}”不是已知的地区代码，请核对开头几位。`;
    case 'id-number-birthday':
      return `号码里的出生日期“${problem.typed}”不存在或在今天之后，请核对第7到14位。`;
    case 'id-number-check-digit':
      return '号码的校验没有通过，多半是抄错或写反了一位。请对照证件再发一次，末位的X也要写上。';
    case 'id-number-other-document':
      return '这看起来是护照、通行证一类的号码。备案一般用18位的身份证号，只有这种证件的话请发“转人工”。';
    case 'credit-code-length':
      return creditCodeLength(problem);
    case 'credit-code-chars':
      return creditCodeLetters(problem);
    case 'credit-code-region':
      return `代码的第3到8位应该都是数字，您发来的第${problem.position}位是“${problem.character}”，请对照执照再看一下。`;
    case 'credit-code-check-digit':
      return '代码的校验没有通过，多半是抄错了一位。请对照执照再核一遍，特别是数字0和字母。';
    case 'mobile-format':
      return mobileFormat(problem);
    case 'mobile-machine':
      return '13位的是物联网卡号，收不到核验短信，请换一个11位的手机号。';
    case 'email-format':
      return emailFormat(problem);
    case 'domain-format':
      return domainFormat(problem);
    case 'domain-multiple':
      return `一个网站只能登记一个域名，其余的要作为另外的网站。这次先办${problem.domains
        .slice(0, 4)
        .map((domain) => `“${domain}”`)
        .join('、')}里的哪一个？`;
    case 'domain-is-ip':
      return `“${problem.typed}”是IP地址。多数接入商不受理没有域名的备案，请发网站的域名，例如 example.com。`;
    case 'ip-format':
      return problem.typed === undefined
        ? '没有认出IP地址，请发公网IP，样子是“47.96.12.34”，在服务器控制台里能看到。'
        : `“${problem.typed}”不是正确的IP地址${problem.part === undefined ? '' : `，“${problem.part}”这一段不对（0到255，不以0开头）`}，请核对后再发。`;
    case 'ip-not-public':
      return `${problem.typed}是内网或保留地址，不能用来备案，请看服务器控制台里的公网IP。`;
    case 'ip-range':
      return `“${problem.typed}”这一段IP的起止不对，请发单个IP，或者一段连续的起止地址。`;
    case 'organization-name-length':
      return `单位名称是2到100个字，您发来的是${problem.length}个字。请照证件写全称。`;
    case 'organization-name-form':
      return organizationNameForm(problem);
    case 'person-name-length':
      return `姓名是2到30个字，您发来的是${problem.length}个字。请照身份证写。`;
    case 'person-name-form':
      return problem.character === undefined
        ? '这里要填身份证上的姓名，请只发姓名。'
        : `姓名里不会有“${problem.character}”（第${problem.position}个字），请照身份证写；名字中间有间隔的，用“·”。`;
    case 'person-name-nickname':
      return `“${problem.typed}”像是称呼。请发身份证上的全名。`;
    case 'person-name-organization':
      return `“${problem.typed}”像是单位的名称。这里要填人的姓名；以单位名义备案，请发“改主体类型”。`;
    case 'amount-format':
      return amountFormat(problem);
    case 'count-format':
      return '没有认出人数，请发一个数字，例如“3”。';
    case 'filing-number-format':
      return '没有认出备案号，样子是“京ICP备12345678号”，网站的后面还有“-1”。在网站底部或工信部公共查询里能看到。';
    case 'filing-number-is-license':
      return '这是许可证号，不是备案号。备案号里有“ICP备”三个字样，请发那一个。';
    case 'filing-number-is-public-security':
      return '这是公安联网备案号，不是ICP备案号。请发带“ICP备”的那一个。';
    case 'filing-number-is-other':
      return '这是另一种证书的编号，不是备案号。请发带“ICP备”的那一个。';
    case 'filing-number-digits':
      return problem.letters === ''
        ? `备案号的数字是8位或10位，您发来的是${problem.digits}位，请对照着再发一次。`
        : `备案号的数字里混进了字母“${problem.letters}”，请看是不是数字0或1，再发一次。`;
    case 'filing-number-no-province':
      return '备案号前面还有省的简称，例如“京”“粤”。请连简称一起发，样子是“京ICP备12345678号”。';
    case 'filing-number-several':
      return `这里只填一个备案号，您发来了${problem.numbers.length}个：${problem.numbers.join('、')}。请只发这次要办的那个。`;
    case 'validity-format':
      return problem.typed === undefined
        ? '没有认出有效期，请写成“2020.1.2-2040.1.2”或“2020.1.2至长期”，在身份证国徽那一面。'
        : `“${problem.typed}”这一天不存在，请对照证件再发一次有效期。`;
    case 'validity-order':
      return problem.future
        ? `有效期从${problem.from}才开始，还没到，请对照证件核对。`
        : `有效期的结束日${problem.to}早于开始日${problem.from}，请看是不是写反了。`;
    case 'document-expired':
      return `证件${problem.on}已经过期，过期证件一定会被退回。请先换证，再发新的有效期。`;
    case 'address-too-short':
      return `地址要写到门牌或房间号，至少${problem.least}个字，您发来的是${problem.length}个字，请写完整。`;
    case 'address-too-long':
      return `地址最多${problem.most}个字，您发来的是${problem.length}个字，请只写地址。`;
    case 'address-form':
      return '没有认出地址，请用中文写，写到路名和门牌，例如“青禾路1号2层201室”。';
    case 'app-package-format':
      return packageFormat(problem);
    case 'app-md5-format':
      return fingerprintFormat('MD5指纹去掉冒号后是32位', problem);
    case 'app-sha1-format':
      return fingerprintFormat('SHA-1指纹去掉冒号后是40位', problem);
    case 'app-public-key':
      if (/\p{Script=Han}/u.test(problem.character ?? '')) return '没有认出公钥，它是一长串0–9和A–F。暂时没有就说“稍后提供”。';
      return problem.character === undefined
        ? `公钥是一长串0–9和A–F（RSA-2048为512位），您发来的是${problem.length}位。请开发人员从正式签名里重新导出。`
        : `公钥里只有0–9和A–F，第${problem.position}位是“${problem.character}”。请开发人员导出十六进制的公钥（模数）。`;
    case 'site-name-too-short':
      return `名称至少要3个汉字，现在是${problem.han}个。请换一个能说明内容的名称。`;
    case 'site-name-form':
      return siteNameForm(problem);
    case 'site-name-national':
      return `名称里不能用“${problem.word}”这类国字头的词，除非有批准文件。请换一个名称。`;
    case 'site-name-banned':
      return `名称里的“${problem.word}”备案不接受，请换一个名称。`;
    case 'site-name-personal':
      return siteNamePersonal(problem);
    case 'choice-unknown':
      return problem.labels.length <= 4
        ? `没有认出是哪一项，请回复${problem.labels.map((label) => `“${label}”`).join('、')}，或者发序号。`
        : '没有认出是哪一项，请发选项的序号或文字。';
    case 'choice-several':
      return `这一项只能选一个。您说到了${problem.labels.map((label) => `“${label}”`).join('、')}，请选其中一个。`;
    case 'choice-exclusive':
      return `“${problem.label}”不能和别的一起选。请只发涉及的那几项，或者只发“${problem.label}”。`;
    case 'choice-too-many':
      return `最多选${problem.most}项，您选了${problem.picked}项，请留下最主要的。`;
    case 'text-too-short':
      return `至少要${problem.least}个字，您发来的是${problem.length}个字，请再写具体一些。`;
    case 'text-too-long':
      return `最多${problem.most}个字，您发来的是${problem.length}个字，请精简一下。`;
    case 'several-values':
      return `这里只填一个，您发来了${problem.count}个。请只发要用的那一个。`;
    case 'date-unknown':
      return '没有认出日期，请写成“2029-08-01”或“2029年8月1日”。';
    case 'province-unknown':
      return '没有认出是哪个省，请发省、自治区或直辖市的名字，例如“广东”。';
    case 'province-several':
      return `可能是${problem.provinces.map((code) => provinceOf(code).shortName).join('、')}，请只发省名。`;
    case 'province-outside':
      return '备案只在内地31个省、自治区、直辖市办理，港澳台和国外没有这一项。请发证件所在的省。';
    case 'emergency-same-as-mobile':
      return '应急电话不能和本人手机号相同，请填家人或同事的号码。';
    case 'leaders-share-mobile':
      return '两位负责人不是同一人时，手机号不能相同，请发本人在用的号码。';
    case 'leaders-share-emergency':
      return '两位负责人不是同一人时，应急电话也要分开填，请换一个号码。';
    case 'leaders-share-email':
      return '两位负责人不是同一人时，邮箱也不能相同，请换一个邮箱。';
    case 'leaders-same':
      return '这个证件号和另一位负责人的相同。如果其实是同一个人，请发“改两位负责人是否同一人”；不是的话，请核对证件再发一次。';
    case 'legal-representative-same':
      return '这和主体负责人是同一个人。主体负责人就是法定代表人的，请发“改负责人是不是法定代表人”；不是的话，请发法定代表人的资料。';
    case 'leader-underage':
      if (problem.age < youngestAsked)
        return '按证件号算，这位未满14周岁，不能在这里填写，号码没有保存。请由监护人发“转人工”联系工作人员。';
      return `按证件号算，负责人现在${problem.age}周岁，${inProvince(problem.province)}要满${problem.least}周岁。请换一位成年的负责人，或发“转人工”确认。`;
    case 'filing-number-no-service':
      return `“${problem.number}”是主体的备案号。请发带序号的那个，样子是“${problem.number}-1”，在网站底部或工信部公共查询里能看到。`;
    case 'license-number-is-filing':
      return '这是备案号，不是许可证号。许可证号的样子是“京ICP证030173号”或“京B2-20202418”，在许可证正面。';
    case 'change-not-possible':
      return problem.what === 'domain'
        ? '备案里的域名不能直接换：新域名要办“新增网站”，旧的再注销。要办的话请发“新增网站”；还有别的要改，请发那一项。'
        : '备案的省份不能直接改：要先在原来的省注销主体，再到新的省重新备案。要注销请发“注销主体”；还有别的要改，请发那一项。';
    case 'provider-unclear':
      return '没有认出是哪家服务商。请发提供服务器的那一家，例如“某某云”；还没有就说“还没有”，不清楚就说“不知道”。';
    case 'service-name-unclear':
      return '这里要填名称本身，请只发名称。还没想好的，最稳妥的是用单位全称或简称；也可以发“稍后再填”。';
    case 'app-id-format':
      return 'AppID由字母和数字组成，例如 wx0123456789abcdef，在小程序后台的设置页里能看到。';
    case 'server-overseas':
      return '服务器在境外或港澳台的网站不需要备案，也办不了。打算换到境内的，请发境内服务商的名字；还没买就说“还没有”，不办了请发“取消”。';
    case 'domain-needed':
      return problem.filed
        ? '请发备案时登记的域名，已经过期不用的也发当时那个，例如 example.com。'
        : '备案要先有域名。还没有的，请先注册并做好实名；现在可以发“稍后再填”，内容会保留。';
    case 'address-other-item':
      return '没有找到您说的那个地址，请把完整的地址发来。';
    case 'not-confirmed':
      return '没有您的明确确认，我们不会提交。想好了请回复“我确认办理”，不办了请发“取消”。';
    case 'secret-not-wanted':
      return problem.secret === 'password'
        ? '请不要把密码发给任何人，我们不需要，也没有保存。建议您尽快改掉这个密码，然后接着回答上面的问题。'
        : '请不要把短信验证码发给任何人，我们不需要，也没有保存。索要验证码的都要当心。请接着回答上面的问题。';
  }
}

/** What to know about an answer that was taken, in one or two sentences. */
export function explainRemark(remark: Remark): string {
  switch (remark.code) {
    case 'domain-subdomain':
      return `备案按主域名登记，“${remark.subdomain}”记为“${remark.domain}”，子域名不用单独填。`;
    case 'domain-suffix-uncommon':
      return '这个后缀不太常见，请先到 domain.miit.gov.cn 查一下它在不在工信部批复的清单里，不在的不能备案。';
    case 'domain-suffix-not-approved':
      return '按手上的资料，这个后缀没有得到工信部批复，不能备案。请到 domain.miit.gov.cn 核对，或换一个域名。';
    case 'name-looks-short-form':
      return '这看起来像简称。如果证件上的名称更长，请发“改单位名称”写全称，差一个字都会被退回。';
    case 'address-no-number':
      return '地址里没有看到门牌、楼层或房间号。确实没有的，备注里要写“已为最详细”；有的话请发“改地址”补上。';
    case 'document-expiring':
      return '证件剩余有效期不足3个月，多数省会退回，建议先换证。';
    case 'app-public-key-length':
      return `公钥是${remark.length}位，常见的RSA-2048是512位，请让开发人员确认一下。`;
    case 'site-name-sensitive':
      return `名称里的“${remark.word}”容易被要求补资质，没有相应的内容，建议发“改网站名称”换掉。`;
    case 'site-name-industry':
      return `名称里有“${remark.word}”，管局可能要批文，或者“不涉及前置审批”的承诺书。`;
    case 'site-name-national':
      return `名称里有“${remark.word}”，要准备能证明单位名称经过批准的文件。`;
    case 'site-name-length':
      return `名称有${remark.length}个字，建议不超过${remark.most}个字。`;
    case 'site-name-province':
      return siteNameInProvince(remark);
    case 'mobile-virtual-operator':
      return '这是虚拟运营商的号段，可能收不到12381的核验短信，建议换成移动、联通、电信、广电的号码。';
    case 'mobile-data-card':
      return '这个号段多是上网卡，可能收不到核验短信，请确认它能收短信。';
    case 'mobile-unknown-range':
      return '这个号段不常见，请再核对一遍号码。';
    case 'long-term-too-young':
      return `“长期”的身份证只发给46岁以上的人，按证件号算是${remark.age}岁，请再看一下有效期。`;
    case 'document-ask-provider':
      return `${documents[remark.document]}能不能用来备案，各家接入商的说法不一，工作人员会先帮您确认。`;
    case 'credit-code-cooperative':
      return '这是农民专业合作社的代码，多数系统按“企业”办，工作人员会向接入商确认。';
    case 'credit-code-kind':
      return `这个代码看起来是${codeKinds[remark.usual]}的，和您选的“${filerKinds[remark.chosen].label}”不一样。选错了请发“改主体类型”，代码错了请发“改信用代码”。`;
    case 'name-of-company':
      return '名称看起来是单位，主体类型选的却是“个人”。以公司名义备案请发“改主体类型”，以个人名义请发“改姓名”。';
    case 'certificate-province':
      return certificateProvince(remark.province, remark.certificate, remark.rule);
    case 'address-province':
      return `证件住所看起来在${provinceOf(remark.address).shortName}，备案省份填的是${provinceOf(remark.province).shortName}。单位只能在住所所在的省备案，请核对。`;
    case 'leader-young':
      return `按证件号算现在${remark.age}周岁，${inProvince(remark.province)}可能要另交工作证明、收入证明或监护人的材料。${ruleOf(remark.province, 'age')}`;
    case 'leader-not-legal-representative':
      return `多数省要求主体负责人就是法定代表人；由别人担任的，要有法定代表人签字、单位盖章的授权书。${ruleOf(remark.province, 'filer-leader')}`;
    case 'filing-number-province':
      return `${remark.number}不是${provinceOf(remark.province).shortName}发的备案号，和填的备案省份不一致，请核对。跨省要先注销再重新备案。`;
    case 'filing-number-prefix':
      return `备案号开头一般写“${remark.standard}”，不写“${remark.typed}”，我按“${remark.standard}”记下了。`;
    case 'filing-number-example':
      return '这个号看起来像示例，请确认是您真实的备案号。';
    case 'filing-numbers-differ':
      return `这和前面填的主体备案号“${remark.filerNumber}”不是同一个主体，请核对。`;
    case 'no-server':
      return '可以先登记。不过要有境内的服务器或备案服务码才能提交，工作人员会告诉您怎么准备。';
    case 'filing-without-provider':
      return '没有接入商的备案（空壳）不能从接入商那里办，要向管局申请，工作人员会告诉您怎么做。';
    case 'provider-unknown':
      return '没关系，先往下填。可以问问建站的公司，或登录买服务器的后台看看。';
    case 'registrar-not-provider':
      return '备案跟着服务器走，不看域名在哪家买。如果您说的是域名注册商，请发“改接入商”。';
    case 'service-code-needed':
      return '可以稍后补。实例ID在服务器控制台里，服务码由接入商的备案系统生成；没有它就不能提交。';
    case 'server-not-prepaid':
      return '按量付费、试用或免费的服务器，多数接入商不给备案，建议改成包年包月。';
    case 'server-ends-soon':
      return `服务器${remark.day}就到期了，多数接入商要求剩余时间足够（常见3个月），建议先续费。`;
    case 'registrant-not-filer':
      return remark.registrant === 'legal-representative'
        ? '域名在法定代表人名下，有的省认、有的省不认，最稳妥的是过户到单位名下。'
        : '域名要过户到备案主体名下、重新实名满3天后才能备案，请先在注册商那里办过户。';
    case 'registrant-unsure':
      return '可以登录注册域名的后台，看“域名所有者”是谁；要和备案主体一致。';
    case 'registrant-not-verified':
      return '域名实名满3天、同步到管局后才能提交。先把资料填好，到时再报。';
    case 'registrant-verification-unsure':
      return '可以登录注册域名的后台看实名状态；没有实名的，提交前要先做。';
    case 'domain-expired':
      return `域名${remark.day}已经到期，请先续费，否则不能备案。`;
    case 'domain-expiring':
      return `域名${remark.day}到期，不足3个月，多数会要求先续费。`;
    case 'category-province':
      return remark.wanted === 'blog'
        ? `资料显示${provinceOf(remark.province).shortName}的个人网站只能选“博客/个人空间”，请再想一下。`
        : `资料显示${provinceOf(remark.province).shortName}的个人网站不能选“博客/个人空间”，请再想一下。`;
    case 'remark-sounds-commercial':
      return `个人网站的备注里有“${remark.word}”，容易被当作经营性内容退回，建议换个说法。`;
    case 'pre-approval':
      return preApproval(remark.sector);
    case 'license-likely':
      return `有“${businessModels[remark.model]}”的，可能还要办增值电信业务许可证（ICP证或EDI证），工作人员会一并核对。`;
    case 'developer-provides':
      return '好的，先往下填，提交前请开发人员从正式签名里导出再补上。';
    case 'filer-changed':
      return '主体信息有变化的，要先办变更备案（有的省可以一并改），否则新的申请会被退回。工作人员会和您核对。';
    case 'sites-not-reachable':
      return '请先恢复这些网站、在底部挂上备案号，不再用的先注销，否则新的申请会被退回。';
    case 'cancel-previous-later':
      return '请等新的接入成功以后，再去旧接入商取消接入，顺序不能反。';
    case 'leader-mobile-unreachable':
      return '核验短信会发到登记的号码，收不到就办不下去，要先变更负责人手机号。工作人员会告诉您怎么办。';
    case 'other-services':
      return '名下的其他网站、App和接入可能一起受影响，工作人员会先和您逐个核对。';
    case 'only-service':
      return '请留意：唯一的网站或接入没有了，主体会变成空壳，有的会一并注销，以后再用要重新备案。';
    case 'order-pending':
      return '同一主体同一时间只能办一笔，要等在办的结束或先撤回，这一笔才能提交。';
    case 'password-abolished':
      return '备案密码2020年8月17日起已经取消，现在办理一般不用密码。想办接入、变更或注销，可以直接说，例如“变更备案”。';
    case 'provider-account':
      return '云账号请在服务商官网的“找回账号”里办；企业账号可以凭营业执照申诉。不要把账号和密码发给别人。';
    case 'license-needs-company':
      return '许可证的申请人要是依法设立的公司（代码以91开头），个体工商户、个人和机关单位不能申请。';
    case 'capital-too-low':
      return `${remark.least === 1000 ? '跨省' : '在一个省内'}经营，注册资本要不低于${remark.least}万元，请确认。`;
    case 'foreign-investment-unsure':
      return '请查一下各级股东里有没有外资，工作人员会和您一起核对。';
    case 'site-not-ready':
      return '审核时会打开网站或App看，没做好会被退回，建议先上线再申请。';
    case 'sanctioned':
      return '被列入电信业务失信名单的，暂时不符合申请条件，工作人员会和您核对。';
    case 'staff-few':
      return '法规没有规定人数，但部分窗口要看3人近一个月的社保，请先问一下当地要求。';
    case 'license-number-unusual':
      return '这个号不像常见的许可证号（如“京B2-20202418”），请对照许可证核对一遍。';
    case 'needs-person':
      return personNeeded[remark.because];
  }
}

type ProblemOf<Code extends Problem['code']> = Extract<Problem, { code: Code }>;
type RemarkOf<Code extends Remark['code']> = Extract<Remark, { code: Code }>;

function creditCodeLength({ length, old }: ProblemOf<'credit-code-length'>): string {
  if (old === 'registration-number') return '15位的是旧注册号。请看现行营业执照上的统一社会信用代码，是18位。';
  if (old === 'organisation-code') return '9位的是旧组织机构代码。请看现行证件上的统一社会信用代码，是18位。';
  return length === 0
    ? '没有看到代码。统一社会信用代码是18位，在营业执照等证件的上方。'
    : `统一社会信用代码是18位，您发来的是${length}位。请对照执照再发一次。`;
}

function creditCodeLetters({ characters, position, suggestion }: ProblemOf<'credit-code-chars'>): string {
  const wrong = `代码里不会出现字母I、O、S、V、Z，您发来的第${position}位起有“${characters}”。`;
  return suggestion === undefined
    ? `${wrong}I、O、S、Z是不是数字1、0、5、2？请对照执照再发一次。`
    : `${wrong}请对照执照，是不是“${suggestion}”？`;
}

function mobileFormat({ digits, begins, character, position }: ProblemOf<'mobile-format'>): string {
  if (character !== undefined) return `手机号是11位数字，您发来的第${position}位是“${character}”，请改一下再发。`;
  if (begins !== undefined) return `手机号以13到19开头，您发来的以“${begins}”开头，请核对。核验短信要发到这个号码。`;
  return digits === 0 ? '没有看到手机号。请发11位、1开头的手机号。' : `手机号应是11位、1开头，您发来的是${digits}位，请核对后再发。`;
}

function emailFormat({ because, character, position }: ProblemOf<'email-format'>): string {
  const where = because === 'name' ? '@前面' : '@后面';
  switch (because) {
    case 'no-at':
      return '邮箱里要有“@”，样子是 name@example.com，请再发一次。';
    case 'two-at':
      return '邮箱里只能有一个“@”，请核对后再发。';
    case 'several':
      return '这里只填一个邮箱，请只发要用的那一个。';
    case 'too-long':
      return '这个邮箱太长了：全长最多254个字符，@前面最多64个。请核对后再发。';
    case 'name':
    case 'domain':
      return `邮箱${where}的部分不对${character === undefined ? '' : `，第${position}个字符“${character}”不能用`}，应该像 name@example.com，请再发一次。`;
  }
  return '邮箱的格式不对，应该像 name@example.com，请再发一次。';
}

function domainFormat({ because, suggestion, character, position }: ProblemOf<'domain-format'>): string {
  const again = '请只发主域名，例如 example.com，不带路径。';
  switch (because) {
    case 'suffix':
      return suggestion === undefined ? `没有这样的域名后缀，请核对最后一段。${again}` : `没有这样的域名后缀，是不是“${suggestion}”？`;
    case 'only-suffix':
      return `这只是域名的后缀，前面还少了名字。${again}`;
    case 'label':
      return `域名里两个点之间的部分不对：不能为空，不能以“-”开头或结尾，最多63个字符。${again}`;
    case 'character':
      return `域名里不能有${character === undefined ? '这样的字符' : `“${character}”（第${position}个字符）`}。${again}`;
    case 'too-long':
      return `这个域名太长了，全长最多253个字符。${again}`;
    case 'email':
      return `这看起来是邮箱。${again}`;
    case 'package-name':
      return `这看起来是App的包名。${again}`;
  }
  return `没有认出域名。${again}`;
}

function organizationNameForm({ character, position, word }: ProblemOf<'organization-name-form'>): string {
  if (word !== undefined) return `单位名称里不用带“${word}”，请只写证件上的全称。`;
  if (character !== undefined) return `单位名称里不会有“${character}”（第${position}个字），请照证件一字不差地写。`;
  return '单位名称至少有两个汉字，请照证件写全称，不用简称和英文名。';
}

function amountFormat({ because }: ProblemOf<'amount-format'>): string {
  switch (because) {
    case 'unit':
      return '这个数很大，请带上单位再发一次，例如“1000万”或“10000000元”。';
    case 'currency':
      return '请按执照折成人民币，以万元为单位发来，例如“500万”。';
    case 'several':
      return '这里只填一个金额，请只发注册资本，例如“500万”。';
  }
  return '没有认出金额，请以万元为单位发来，例如“500万”。';
}

function packageFormat({ because, character, position }: ProblemOf<'app-package-format'>): string {
  const example = '样子是 com.example.app，请从正式安装包里抄。';
  switch (because) {
    case 'one-part':
      return `包名或Bundle ID至少有两段，中间用点隔开，${example}`;
    case 'empty-part':
      return `点不能在开头、结尾，也不能连着两个点，${example}`;
    case 'part-start':
      return `每一段要以字母开头，第${position}位是“${character}”，${example}`;
    case 'character':
      return `第${position}位的“${character}”不能用，${example}`;
    case 'too-long':
      return `最长约128个字符，${example}`;
  }
}

function fingerprintFormat(
  rule: string,
  { length, looksLike, character, position }: Omit<ProblemOf<'app-md5-format' | 'app-sha1-format'>, 'code'>,
): string {
  if (character !== undefined && /\p{Script=Han}/u.test(character)) return `没有认出指纹：${rule}。暂时没有就说“稍后提供”。`;
  if (character !== undefined) return `${rule}，只含0–9和A–F，第${position}位是“${character}”，请重新导出再发。`;
  const names = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256' };
  return `${rule}，您发来的是${length}位${looksLike ? `，像是${names[looksLike]}指纹` : ''}。请开发人员从正式签名里重新导出。`;
}

function siteNameForm({ because, character, position }: ProblemOf<'site-name-form'>): string {
  const instead = '请用能说明内容的中文名。';
  switch (because) {
    case 'digits':
      return `名称不能只用数字，${instead}`;
    case 'latin':
      return `名称不能只用英文，${instead}`;
    case 'domain':
      return `名称不能是域名，${instead}`;
    case 'sign':
      return `名称里不能有${character === undefined ? '特殊符号' : `“${character}”（第${position}个字）`}，${instead}`;
    case 'too-long':
      return '这个名称太长了，建议3到20个字，请精简一下。';
  }
}

function siteNamePersonal({ word, because }: ProblemOf<'site-name-personal'>): string {
  const instead = '建议用三到十个字的普通词，例如“青禾随笔”。';
  switch (because) {
    case 'organization':
      return `个人网站的名称不能像单位或产品（“${word}”），${instead}`;
    case 'general':
      return `个人网站的名称里不要用“${word}”，${instead}`;
    case 'place':
      return `个人网站的名称里不要用地名“${word}”，${instead}`;
    case 'own-name':
      return `个人网站的名称里不要用人名“${word}”，${instead}`;
  }
}

function siteNameInProvince({ province, rule, word }: RemarkOf<'site-name-province'>): string {
  const name = provinceOf(province).shortName;
  switch (rule) {
    case 'individual-form':
      return `${name}的资料要求个人网站叫“某某的个人博客”或“某某的个人主页”，建议改成这样。`;
    case 'like-filer':
      return `${name}的资料要求名称和主体名称一致或有关联，不一致的要在备注里说明关系。`;
    case 'unique':
      return `${name}的资料要求网站名称不能和别人重名，请先查一下有没有同名的。`;
    case 'no-latin':
      return `${name}的资料不接受名称里有英文${word === undefined ? '' : `（“${word}”）`}，建议换成中文。`;
    case 'no-place':
      return `${name}的资料不建议名称里用地名${word === undefined ? '' : `（“${word}”）`}，建议换一个。`;
  }
}

const codeKinds = {
  enterprise: '企业',
  'individual-business': '个体工商户',
  'public-body': '机关或事业单位',
  social: '社会组织',
  'law-firm': '律师事务所',
} as const;

const documents = {
  'id-card': '居民身份证',
  'residence-permit': '港澳台居民居住证',
  'permanent-residence': '外国人永久居留身份证',
  'old-permanent-residence': '旧版外国人永久居留证',
  'hk-macao-permit': '港澳居民来往内地通行证',
  'taiwan-permit': '台湾居民来往大陆通行证',
  passport: '护照',
} as const;

const personNeeded: Record<PersonNeeded, string> = {
  'mini-program': '小程序要在所属平台（如微信）的后台办，我先记下几项，再由工作人员协助您。',
  military: '部队和国防机构的备案要由工作人员单独对接，我先记下资料。',
  'other-filer': '这类单位用的证件各不相同，我先记下资料，由工作人员和您确认。',
  'overseas-server': '服务器在境外或港澳台的网站不需要、也办不了备案；换成境内服务器才能备案。拿不准请发“转人工”。',
  'pre-approval': '没关系，先往下填，是否涉及前置审批由工作人员和您确认。',
  'change-filer': '多数省不能直接换主体，往往要先注销再重新备案。我先记下资料，由工作人员判断。',
  'old-process': '现在一般不再用备案密码。谁在要、在什么页面，请留给工作人员核对；在确认前不要把密码给任何人。',
  'foreign-investment': '有外资的，能办的业务和股比有限制，我先记下资料，由工作人员判断。',
  'license-transfer': '许可证不能转让、出租或挂靠，这样做不合法。需要经营的请新办，详情由工作人员说明。',
};

function preApproval(sector: keyof typeof preApprovalSectors): string {
  const { label, ...about } = preApprovalSectors[sector];
  const document = 'document' in about ? `通常要先有${about.document}，持证单位要和备案主体一致。` : '一般要写一份说明。';
  return `“${label}”类：${document}工作人员会复核。`;
}

function certificateProvince(province: string, certificate: string, rule: Exclude<Province['nonLocalId'], 'accepted'>): string {
  const here = provinceOf(province).shortName;
  const from = `身份证是${provinceOf(certificate).shortName}的，要在${here}备案：`;
  if (rule === 'rejected')
    return `${from}资料显示${here}只收本省身份证。建议改成身份证所在的省，或发“转人工”确认。${ruleOf(province, 'nonlocal-id')}`;
  if (rule === 'proof') return `${from}要另交当地的居住证或暂住证。${ruleOf(province, 'nonlocal-id')}`;
  return `${from}几份资料的说法不一致，工作人员会先向接入商确认。${ruleOf(province, 'nonlocal-id')}`;
}

function inProvince(province: string | undefined): string {
  return province === undefined ? '多数省' : provinceOf(province).shortName;
}

/** What the province itself says, with the date of the source. */
function ruleOf(province: string | undefined, subject: 'age' | 'filer-leader' | 'nonlocal-id'): string {
  if (province === undefined) return '';
  const applies = subject === 'filer-leader' ? 'organization' : 'individual';
  const [rule] = provinceRules(province, [subject]).rules.filter((each) => each.applies === 'all' || each.applies === applies);
  return rule ? `${provinceOf(province).shortName}（${rule.asOf.replace('/', '至')}的资料）：${rule.text}` : '';
}
