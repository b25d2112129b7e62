/// How the page looks: one column for reading, tables that scroll by themselves, figures on white paper also at night.
enum PageStyle {
  static let css = """
    :root {
      color-scheme: light dark;
      --paper: #fdfcf9; --ink: #1d1d1f; --faint: #63636b; --rule: #dcd9d0; --mark: #fbf0d5; --track: #e8e5dc;
      --bar: #0072b2; --link: #00598c; --code: #f2efe6;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17181b; --ink: #e7e5df; --faint: #a5a3a0; --rule: #3a3b40; --mark: #3b3320; --track: #2d2f34;
        --bar: #56b4e9; --link: #8ac7f0; --code: #232529;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Source Serif 4", "DejaVu Serif", Georgia, serif;
    }
    main { max-width: 60rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
    p, ul, header > *, .note { max-width: 42rem; }
    header > figure { max-width: none; }
    h1, h2, h3, nav, table, figcaption, details, footer, .bars {
      font-family: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
    }
    h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 1.25rem; }
    h2 { font-size: 1.35rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.75rem; }
    h3 { font-size: 0.9rem; margin: 0 0 0.5rem; }
    header > p:first-of-type { font-size: 1.2rem; line-height: 1.5; }
    section { margin-top: 3.25rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
    a { color: var(--link); text-underline-offset: 0.15em; }
    nav { margin-top: 2.5rem; font-size: 0.95rem; }
    nav h2 { font-size: 0.8rem; text-transform: uppercase; letter-spacing: 0.08em; color: var(--faint); }
    nav ol { margin: 0; padding-left: 1.4rem; columns: 2; column-gap: 2.5rem; max-width: 42rem; }
    nav li { padding: 0.1rem 0; break-inside: avoid; }
    .note { padding-left: 1rem; border-left: 3px solid var(--bar); color: var(--faint); font-size: 0.98rem; }
    code, pre { font-family: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, monospace; font-size: 0.86em; }
    p code, li code { background: var(--code); padding: 0.1em 0.3em; border-radius: 3px; }
    figure { margin: 1.75rem 0; }
    figcaption { font-size: 0.875rem; line-height: 1.5; color: var(--faint); max-width: 44rem; }
    figcaption strong { color: var(--ink); }
    .sheet {
      background: #fff; border: 1px solid var(--rule); border-radius: 6px; padding: 0.5rem; margin-bottom: 0.6rem;
      overflow-x: auto; width: fit-content; max-width: 100%;
    }
    .sheet img { display: block; max-width: 100%; height: auto; }
    .table figcaption { margin-bottom: 0.6rem; }
    .scroll { overflow-x: auto; width: fit-content; max-width: 100%; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--rule); }
    table { border-collapse: collapse; font-size: 0.82rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.32rem 0.6rem; text-align: right; white-space: nowrap; }
    th:first-child, td:first-child { padding-left: 0.4rem; }
    .left { text-align: left; }
    .faint { color: var(--faint); font-weight: 400; }
    thead th { white-space: normal; min-width: 3.2rem; font-weight: 600; vertical-align: bottom; border-bottom: 1px solid var(--rule); }
    tbody tr + tr td { border-top: 1px solid color-mix(in srgb, var(--rule) 55%, transparent); }
    th.rows { text-align: left; font-weight: 600; padding-top: 0.9rem; border-bottom: 1px solid var(--rule); }
    .marked td { background: var(--mark); }
    .groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1.5rem 2.5rem; }
    .bar { display: grid; grid-template-columns: 5.6rem 1fr 3.9rem; gap: 0.6rem; align-items: center; }
    .bar { font-size: 0.875rem; padding: 0.15rem 0; }
    .track { background: var(--track); border-radius: 2px; height: 0.85rem; }
    .track span { display: block; background: var(--bar); border-radius: 2px; height: 100%; }
    .value { font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
    .bars figcaption { margin-top: 0.8rem; }
    details { margin: 0.6rem 0; border: 1px solid var(--rule); border-radius: 6px; padding: 0.5rem 0.9rem; }
    summary { cursor: pointer; font-size: 0.9rem; }
    pre { overflow-x: auto; line-height: 1.45; }
    footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: 0.85rem; }
    footer { color: var(--faint); }
    @media (max-width: 40rem) {
      main { padding: 1.75rem 1rem 3rem; }
      h1 { font-size: 1.65rem; }
      nav ol { columns: 1; }
      .sheet img { max-width: none; width: max(100%, 34rem); }
    }
    @media print { section { break-inside: auto; } .sheet { border: 0; } details { display: none; } }

    """
}
