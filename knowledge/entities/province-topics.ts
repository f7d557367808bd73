import { type ProvinceRules, provinceRules, type RuleSubject, withRules } from './province.ts';

/** What a topic of `knowledge/faq` draws on when it is asked for one province: its rules on subjects, or the most important of all. */
export type ProvinceSubjects = readonly RuleSubject[] | 'overview';

/** Undefined for topics that no rule of a province bears on. */
export function provinceSubjects(topic: string): ProvinceSubjects | undefined {
  return byTopic.get(topic);
}

/**
 * The rules of a province that bear on a topic of `knowledge/faq`, those first that bear on it most; no rules for topics on
 * which none is known.
 */
export function rulesOnTopic(code: string, topic: string): ProvinceRules {
  const subjects = provinceSubjects(topic);
  const known = provinceRules(code, subjects === 'overview' ? undefined : (subjects ?? []));
  const only = concerns[topic];
  return only === undefined ? known : withRules(known, (rule) => rule.applies === 'all' || rule.applies === only);
}

/** Which topics have an answer for one province; every id is one of `knowledge/faq`. */
export function provinceTopics(): string[] {
  return [...byTopic.keys()];
}

const byTopic = new Map<string, ProvinceSubjects>(
  Object.entries({
    'province-rules-where': 'overview',
    'province-jiangsu': 'overview',
    'province-hubei-hunan': 'overview',
    'filing-prerequisites': 'overview',
    'process-first-filing': 'overview',

    'province-residence': ['nonlocal-id'],
    'residence-permit': ['nonlocal-id'],
    'minor-age': ['age'],
    'foreigner-hk-mo-tw': ['id-document', 'foreign-leader'],
    'change-address': ['address'],

    'subject-person-must-legal-rep': ['filer-leader', 'foreign-leader'],
    'subject-person-vs-site-person': ['filer-leader'],
    'site-person-requirements': ['filer-leader', 'age', 'contact-unique'],
    'authorization-letter': ['filer-leader', 'foreign-leader'],
    'change-legal-rep': ['order-type', 'filer-leader'],
    'change-site-person': ['order-type', 'filer-leader'],

    'phone-requirement': ['phone-local', 'contact-unique'],
    'change-phone-email': ['phone-local'],
    'emergency-contact': ['emergency-contact'],
    'mobile-conflict': ['contact-unique'],

    'province-limits': ['site-limit', 'per-order-limit'],
    'site-construction-plan': ['site-limit'],
    'process-add-site': ['per-order-limit', 'site-limit', 'combined-order'],
    'multi-site-submit': ['per-order-limit', 'one-domain-per-site'],
    'multi-domain-one-site': ['one-domain-per-site'],

    'materials-personal': ['documents', 'nonlocal-id', 'id-validity'],
    'materials-enterprise': ['documents', 'certificate', 'filer-leader', 'id-validity'],
    'materials-individual-business': ['individual-business', 'certificate'],
    'materials-institution': ['gov-approval', 'gov-domain'],
    'province-party-gov': ['gov-approval', 'gov-domain', 'party-building'],
    'commitment-letter': ['documents', 'commitment-template'],
    'domain-certificate': ['documents'],
    'materials-photo-spec': ['photo'],
    'reject-photo': ['photo'],
    'id-card-expired': ['id-validity'],

    'website-name-rules': ['site-name'],
    'personal-site-name': ['site-name'],
    'site-name-conflict': ['site-name'],
    'reject-site-name': ['site-name'],
    'change-site-name': ['order-type', 'site-name'],
    'service-content': ['service-content', 'site-remark'],
    'website-content-match': ['site-content'],
    'reject-content': ['site-content'],
    'reject-filed-site-offline': ['site-content', 'unfiled-site', 'footer-number'],
    'close-site-during-filing': ['unfiled-site'],
    'access-during-filing': ['unfiled-site'],

    'pre-approval': ['prior-approval', 'commitment-template'],
    'not-involved-commitment': ['commitment-template', 'prior-approval'],
    'finance-keywords': ['prior-approval', 'commitment-template'],
    'education-approval': ['commitment-template', 'prior-approval'],
    'drug-device-approval': ['commitment-template', 'prior-approval'],

    'domain-holder-match': ['domain-owner'],
    'reject-domain-realname': ['domain-owner'],
    'domain-suffix-supported': ['domain-suffix'],
    'domain-overseas-registrar': ['domain-registrar'],
    'domain-expiry-needed': ['domain-validity'],

    'change-info': ['order-type'],
    'edit-before-after-submit': ['order-type'],
    'change-and-add-concurrent': ['combined-order'],
    'process-add-access': ['combined-order'],
    'change-company-name': ['change-subject'],
    'change-subject-transfer': ['change-subject'],
    'personal-to-enterprise': ['change-subject'],

    'shell-subject': ['shell-subject', 'cancel-shell'],
    'cancel-which': ['cancel-site', 'cancel-shell'],
    'cancel-subject': ['cancel-shell'],
    'cancel-site': ['cancel-site'],

    'display-filing-number': ['footer-number'],
    'province-guangdong-number': ['footer-number'],
    'annual-review': ['annual-review'],
    'which-provider-to-file': ['access-provider'],
    'license-conditions': ['commercial-license'],
    'license-materials': ['commercial-license'],
  } satisfies Record<string, ProvinceSubjects>),
);

// Topics that ask for one kind of filer.
const concerns: Record<string, 'individual' | 'organization'> = {
  'materials-personal': 'individual',
  'personal-site-name': 'individual',
  'personal-to-enterprise': 'individual',
  'province-residence': 'individual',
  'materials-enterprise': 'organization',
  'change-company-name': 'organization',
};
