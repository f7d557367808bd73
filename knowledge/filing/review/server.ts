import { findPlaces, provinceNamed } from '../../entities/place.ts';
import { normalize } from '../../text/normalize.ts';
import { type Check, found, only } from './finding.ts';

/** Whether the place where the service runs can be filed for. Intake survey of 2026-11, sections 1 and 3.6; facts on server-requirements. */
export const checkServer: Check = ({ type, values }) => {
  if (type === 'license' || type === 'recover-access') return [];
  const provider = values.accessProvider?.trim() ?? '';
  const { serverLocation = '', serverTerm = '' } = values;
  const filing = type === 'initial' || type === 'add-service' || type === 'add-access';
  // 香港和北京都有: one of them can be filed for.
  const abroad =
    (overseas.test(provider) && provinceNamed(findPlaces(normalize(provider))).kind === 'none') || serverLocation === 'outside';
  return only(
    filing && abroad && found('server-overseas', ['accessProvider', 'serverLocation']),
    filing && /注册商|域名商|域名注册|注册局/.test(provider) && found('server-registrar', ['accessProvider']),
    filing && /家里|自己家|家用|家庭宽带|家宽/.test(provider) && found('server-home', ['accessProvider']),
    filing && /^(?:没有|还没|没买|暂无|无$|none$|no$)/i.test(provider) && found('server-none', ['accessProvider']),
    filing && !provider.startsWith('none') && values.serviceCode === 'none' && found('service-code-missing', ['serviceCode']),
    filing && /试用|按量|按小时|按需/.test(serverTerm) && found('server-term', ['serverTerm']),
    /(?:^|[\s._-])debug(?:$|[\s._-])/i.test(`${values['app.packageName'] ?? ''} ${values['app.bundleId'] ?? ''}`) &&
      found('app-debug-key', ['app.packageName', 'app.bundleId']),
  );
};

const overseas = /香港|澳门|台湾|海外|境外|国外|国际站|美国|日本|韩国|新加坡|欧洲|德国|英国|法国|俄罗斯|overseas|hong ?kong|singapore/i;
