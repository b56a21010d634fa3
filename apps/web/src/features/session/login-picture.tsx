const OUTLINE =
  '330,690 283.3,639.7 256.6,576.9 252.6,504.8 274.1,426.7 324,346 405,266 520,190 559.3,286.4 575,377.5 568,461.3 539.1,536.2 489.2,600.5 419.2,652.3';
const LEAF = 'M330 690C200 590 210 360 520 190C640 420 560 620 330 690Z';
const VEINS =
  'M330 690Q400 470 520 190M351 627q-47-30-82-65M351 627q47-2 90-23M373 562q-62-30-108-86M373 562q62-2 119-30M398 495q-67-30-117-93M398 495q67-2 129-33M424 425q-62-30-108-86M424 425q62-2 119-31M452 353q-48-30-83-66M452 353q48-2 91-23';
const TICKS = Array.from({ length: 91 }, (_, index) => index * 10);

/** A specimen on the light table, being measured: what the product does, without a word. */
export function LoginPicture() {
  return (
    <div aria-hidden className="relative hidden overflow-hidden border-l bg-canvas lg:block">
      <svg viewBox="0 0 900 900" preserveAspectRatio="xMidYMid slice" className="absolute inset-0 size-full">
        <defs>
          <linearGradient id="leaf" x1="0" y1="1" x2="1" y2="0">
            <stop offset="0" stopColor="#3f5f45" />
            <stop offset="1" stopColor="#8fae74" />
          </linearGradient>
          <radialGradient id="berry" cx=".36" cy=".32" r=".8">
            <stop offset="0" stopColor="#d98a78" />
            <stop offset="1" stopColor="#7d2f2b" />
          </radialGradient>
          <linearGradient id="stone" x1="0" y1="0" x2="0" y2="1">
            <stop offset="0" stopColor="#a9aca6" />
            <stop offset="1" stopColor="#6d706b" />
          </linearGradient>
        </defs>

        <g stroke="var(--line)" strokeWidth="1">
          {TICKS.filter((at) => at % 100 === 0).map((at) => (
            <path key={at} d={`M${at} 0V900M0 ${at}H900`} />
          ))}
        </g>

        <path d={LEAF} fill="#000" opacity=".14" transform="translate(10 14)" />
        <path d={LEAF} fill="url(#leaf)" />
        <path d="M330 690Q300 745 292 800" stroke="#4d6a49" strokeWidth="7" fill="none" strokeLinecap="round" />
        <path d={VEINS} stroke="#e4ecd2" strokeOpacity=".4" strokeWidth="2.500" fill="none" />
        <ellipse cx="690" cy="676" rx="96" ry="66" fill="#000" opacity=".14" transform="translate(8 11)" />
        <ellipse cx="690" cy="676" rx="96" ry="66" fill="url(#stone)" />
        <circle cx="700" cy="262" r="54" fill="#000" opacity=".14" transform="translate(7 9)" />
        <circle cx="700" cy="262" r="54" fill="url(#berry)" />

        <polygon
          points={OUTLINE}
          fill="#ffc629"
          fillOpacity=".14"
          stroke="#ffc629"
          strokeWidth="2.500"
          strokeLinejoin="round"
        />
        {OUTLINE.split(' ').map((point) => {
          const [x = 0, y = 0] = point.split(',').map(Number);
          return (
            <rect
              key={point}
              x={x - 4.5}
              y={y - 4.5}
              width="9"
              height="9"
              fill="#fff"
              stroke="#1c1500"
              strokeWidth="1.500"
            />
          );
        })}

        <rect
          x="591"
          y="607"
          width="198"
          height="138"
          fill="#38a3f5"
          fillOpacity=".1"
          stroke="#38a3f5"
          strokeWidth="2.500"
        />
        <g fill="#fff" stroke="#0b3a5c" strokeWidth="1.500">
          {[
            [591, 607],
            [690, 607],
            [789, 607],
            [789, 676],
            [789, 745],
            [690, 745],
            [591, 745],
            [591, 676],
          ].map(([x = 0, y = 0]) => (
            <rect key={`${x},${y}`} x={x - 4.5} y={y - 4.5} width="9" height="9" />
          ))}
        </g>

        <circle cx="700" cy="262" r="56" fill="none" stroke="#ff6f63" strokeWidth="2.500" strokeDasharray="6 5" />
        <path d="M692 262h16M700 254v16M700 262L740 223" stroke="#fff" strokeWidth="2" />

        <g stroke="var(--text)" strokeOpacity=".5" strokeWidth="1">
          <path d="M789 0V900M0 745H900" strokeDasharray="2 6" />
        </g>

        <g>
          <path d="M0 0H900V28H28V900H0Z" fill="var(--surface)" />
          <path d="M28 900V28H900" stroke="var(--line-strong)" fill="none" />
          {TICKS.map((at) => {
            const length = at % 100 === 0 ? 14 : at % 50 === 0 ? 9 : 5;
            return (
              <path
                key={at}
                d={`M${at + 28} 28v${-length}M28 ${at + 28}h${-length}`}
                stroke="var(--control)"
                strokeWidth="1"
              />
            );
          })}
          <path d="M789 28l-6-9h12ZM28 745l-9-6v12Z" fill="var(--accent)" stroke="var(--accent-line)" />
        </g>
      </svg>
    </div>
  );
}
