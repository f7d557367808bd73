import { CaseListPage } from './case-list.tsx';
import { CasePage } from './case-page.tsx';
import { useRoute } from './route.ts';

/** The list of cases, or the one in the address. */
export function CasePages() {
  const [, number] = useRoute();
  return number ? <CasePage key={number} number={decodeURIComponent(number)} /> : <CaseListPage />;
}
