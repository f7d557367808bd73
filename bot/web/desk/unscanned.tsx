/** Beside a file that the scanner should have seen, and was away for. */
export function Unscanned() {
  return (
    <span class="tag strong" title="收到时查毒程序没有应答，打开前请先查毒">
      未查毒
    </span>
  );
}
