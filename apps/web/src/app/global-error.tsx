'use client';

/** The last resort, when not even the root layout could be rendered: no styles, no languages, no providers to rely on. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <p>{'Labelyard could not show this page.'}</p>
        <p lang="ko">{'페이지를 표시하지 못했습니다.'}</p>
        <button type="button" onClick={reset}>
          {'Try again · 다시 시도'}
        </button>
      </body>
    </html>
  );
}
