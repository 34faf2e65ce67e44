/**
 * Runs in the page. Returns one line for each layout fault. The page doesn't scroll sideways. No
 * text is cut or hidden, and nothing overlaps on a picture. Controls are large, spaced and
 * reachable. Sticky parts hide neither their content nor the keyboard focus. A dialog's close
 * button is visible. Other popups leave Next, Stop and Report free. Next's confirmation stays in
 * its row. A call and its cards don't scroll. The chat log keeps its lines for screen readers.
 * @param cardsMayScroll for windows or text sizes too small for a card
 * @param hintsMayEnd whether a placeholder may be truncated
 * @param targetMin minimum width and height of our controls in CSS pixels
 * @param boxMin minimum size of a checkbox inside such a control
 * @param gapMin minimum gap between controls in CSS pixels; inline links are exempt
 */
export function layoutFaults({
  cardsMayScroll,
  hintsMayEnd,
  targetMin,
  boxMin,
  gapMin,
}: {
  readonly cardsMayScroll: boolean;
  readonly hintsMayEnd: boolean;
  readonly targetMin: number;
  readonly boxMin: number;
  readonly gapMin: number;
}): string[] {
  /** These elements may truncate their text, because the page shows it in full elsewhere. */
  const ellipsisMay = 'select, .reason, .community-title';
  /** Minimum size of an inline link in CSS pixels (WCAG 2.2, 2.5.8). */
  const INLINE_TARGET_MIN = 16;
  /** Tolerance for rounding, in CSS pixels. */
  const SLACK = 1;
  const CONTROLS =
    'a[href], button, input, select, textarea, summary, [role="button"], [role="switch"], [role="radio"]';
  const faults = new Set<string>();
  // While a modal dialog is open, only the dialog is checked.
  const modal = document.querySelector(':popover-open') ?? document.querySelector('dialog:modal');
  const app = document.getElementById('app') ?? document.body;
  /** Whether an element is clipped to nothing, so that only screen readers get it. */
  const isForReaders = (start: Element): boolean => {
    for (let around: Element | null = start; around !== null; around = around.parentElement) {
      if (getComputedStyle(around).clipPath === 'inset(50%)') return true;
    }
    return false;
  };
  const shown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !isForReaders(element) &&
    (modal === null || modal.contains(element));
  const nameOf = (element: Element): string => {
    const words = (element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40);
    const classes = [...element.classList].join('.');
    return `${element.tagName.toLowerCase()}${classes === '' ? '' : `.${classes}`} “${words}”`;
  };

  const { documentElement } = document;
  if (documentElement.scrollWidth > documentElement.clientWidth + SLACK) {
    faults.add(`the page is ${documentElement.scrollWidth} wide`);
  }
  for (const element of app.querySelectorAll('*')) {
    const { overflowX } = getComputedStyle(element);
    if (overflowX === 'visible' || !shown(element)) continue;
    // A scrolling element gets no tolerance, because content that is one pixel too wide already
    // shows a scrollbar.
    const slack = overflowX === 'auto' || overflowX === 'scroll' ? 0 : SLACK;
    if (element.scrollWidth <= element.clientWidth + slack || element.clientWidth === 0) continue;
    if (element.matches(`${ellipsisMay}, input, textarea:placeholder-shown`)) continue;
    faults.add(`sideways: ${nameOf(element)}: ${element.scrollWidth} in ${element.clientWidth}`);
  }

  /** Finds an ancestor that cuts off a part of a box and doesn't scroll. */
  const cutBy = (start: Element, box: DOMRect): Element | null => {
    let scrollsY = false;
    for (let around: Element | null = start; around !== null; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (around === documentElement || around === document.body) continue;
      const edge = around.getBoundingClientRect();
      const cutsX = style.overflowX !== 'visible';
      const cutsY = !scrollsY && (style.overflowY === 'hidden' || style.overflowY === 'clip');
      if (cutsX && (box.left < edge.left - SLACK || box.right > edge.right + SLACK)) return around;
      if (cutsY && (box.top < edge.top - SLACK || box.bottom > edge.bottom + SLACK)) return around;
      scrollsY ||= style.overflowY === 'auto' || style.overflowY === 'scroll';
      if (style.position === 'fixed' || around === modal) break;
    }
    return null;
  };

  /**
   * Finds a fixed or sticky ancestor. What such an ancestor hides appears when the page is
   * scrolled.
   */
  const holderOf = (start: Element): Element | null => {
    for (let around: Element | null = start; around !== null; around = around.parentElement) {
      if (/sticky|fixed/.test(getComputedStyle(around).position)) return around;
    }
    return null;
  };
  const floats = (start: Element): boolean => holderOf(start) !== null;

  /** Returns whether an ancestor has scrolled the middle of a box out of view. */
  const scrolledAway = (start: Element, box: DOMRect): boolean => {
    const y = box.top + box.height / 2;
    for (let around: Element | null = start; around !== null; around = around.parentElement) {
      if (getComputedStyle(around).overflowY === 'visible' || around === documentElement) continue;
      const edge = around.getBoundingClientRect();
      if (y < edge.top || y > edge.bottom) return true;
    }
    return false;
  };

  const texts = document.createTreeWalker(app, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
    const holder = text.parentElement;
    if (holder === null || (text.nodeValue ?? '').trim() === '' || !shown(holder)) continue;
    if (holder.closest('option, svg, script, style') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const control = holder.closest(
      'button, a.btn, .pill, .tag, .bubble, .chip, summary, label.choice',
    );
    for (const box of range.getClientRects()) {
      if (box.width === 0) continue;
      const cutter = holder.closest(ellipsisMay) === null ? cutBy(holder, box) : null;
      if (cutter !== null) faults.add(`cut words: ${nameOf(holder)} by ${nameOf(cutter)}`);
      // Clicks go through a temporary message to the control below.
      const isPassedBy: boolean = getComputedStyle(holder).pointerEvents === 'none';
      const over: Element | null =
        isPassedBy || scrolledAway(holder, box)
          ? null
          : document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const whole = holder.closest('label') ?? holder;
      if (over !== null && !over.contains(holder) && !whole.contains(over) && !floats(over)) {
        faults.add(`hidden words: ${nameOf(holder)} under ${nameOf(over)}`);
      }
      if (control === null) continue;
      const edge = control.getBoundingClientRect();
      const out =
        box.left < edge.left - SLACK ||
        box.right > edge.right + SLACK ||
        box.top < edge.top - SLACK - 2 ||
        box.bottom > edge.bottom + SLACK + 2;
      if (out) faults.add(`words leave their box: ${nameOf(control)}`);
    }
  }
  // Checks the text, badges, buttons and self view that lie on a picture.
  for (const stage of app.querySelectorAll('.stage, .preview')) {
    const pictures = [...stage.querySelectorAll('.tile')];
    const onPicture = pictures.flatMap((tile) =>
      [...tile.querySelectorAll(':scope > *, :scope > .front > *')].filter(
        (child) => !child.matches('video, canvas, .picture, .front, .swap, .swipe-sign'),
      ),
    );
    const inCorner = pictures.filter((tile) => tile.matches('.talk:not(.swapped) .me'));
    const things = [...onPicture, ...inCorner].filter(shown);
    for (const [i, one] of things.entries()) {
      for (const other of things.slice(i + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        // Boxes are cut at the edge of their tile, because a tile hides content that is scrolled
        // out of it.
        const boxes = [one, other, one.closest('.tile'), other.closest('.tile')].flatMap(
          (element) => element?.getBoundingClientRect() ?? [],
        );
        const start = Math.max(...boxes.map(({ left }) => left));
        const end = Math.min(...boxes.map(({ right }) => right));
        const top = Math.max(...boxes.map((box) => box.top));
        const bottom = Math.min(...boxes.map((box) => box.bottom));
        if (end - start > SLACK && bottom - top > SLACK) {
          faults.add(`one on another: ${nameOf(one)} and ${nameOf(other)}`);
        }
      }
    }
  }
  // A line that isn't shown may be clipped, but a screen reader still reads it.
  for (const line of app.querySelectorAll('[role="log"] .line')) {
    if (!line.checkVisibility({ visibilityProperty: true })) {
      faults.add(`lost line: ${nameOf(line)}`);
    }
  }
  const CARDS = '.talk, .stage :is(.tile, .tile-note, .status, .video-offer)';
  for (const card of cardsMayScroll ? [] : app.querySelectorAll(CARDS)) {
    if (!/auto|scroll/.test(getComputedStyle(card).overflowY) || !shown(card)) continue;
    const { scrollHeight, clientHeight } = card;
    if (scrollHeight <= clientHeight + SLACK) continue;
    faults.add(`scrolls unseen: ${nameOf(card)}: ${scrollHeight} in ${clientHeight}`);
  }
  if (modal?.matches(':modal') === false) {
    const over = modal.getBoundingClientRect();
    for (const free of app.querySelectorAll('.bar .btn, .report')) {
      const { left, right, top, bottom } = free.getBoundingClientRect();
      const isBeside = right <= over.left || left >= over.right;
      if (isBeside || bottom <= over.top || top >= over.bottom) continue;
      faults.add(`covered: ${nameOf(free)} by ${nameOf(modal)}`);
    }
  }
  for (const field of app.querySelectorAll<HTMLInputElement>('input[placeholder], textarea')) {
    const text = field.value === '' ? field.placeholder : '';
    if (hintsMayEnd || text === '' || !shown(field)) continue;
    const style = getComputedStyle(field);
    const ruler = document.createElement('canvas').getContext('2d');
    const hint = getComputedStyle(field, '::placeholder');
    // In a field of several lines the placeholder may take more than one.
    const wraps = field.matches('textarea') && hint.whiteSpace !== 'nowrap';
    if (ruler === null || wraps) continue;
    ruler.font = hint.font;
    const room =
      field.clientWidth -
      Number.parseFloat(style.paddingLeft) -
      Number.parseFloat(style.paddingRight);
    if (ruler.measureText(text).width > room + SLACK) faults.add(`cut hint: “${text}”`);
  }

  for (const control of app.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (!shown(control)) continue;
    const label = control.closest('label') ?? document.querySelector(`label[for="${control.id}"]`);
    const tick = control.matches('[type="checkbox"], [type="radio"]') ? label : null;
    const chosen = label?.matches('label:has(select)') === true ? label : null;
    const target = tick ?? chosen ?? control;
    const { width, height, left, right } = target.getBoundingClientRect();
    if (left < -SLACK || right > innerWidth + SLACK) {
      faults.add(`past the edge of the window: ${nameOf(control)}`);
    }
    const inText = getComputedStyle(control).display === 'inline' && control.tagName === 'A';
    const least = inText ? INLINE_TARGET_MIN : targetMin;
    if (width < least - 0.5 || height < least - 0.5) {
      faults.add(`small: ${nameOf(control)}: ${width.toFixed(1)} × ${height.toFixed(1)}`);
    }
    const box = tick === null ? null : control.getBoundingClientRect();
    if (box !== null && (box.width < boxMin || box.height < boxMin)) {
      faults.add(
        `small box: ${nameOf(target)}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`,
      );
    }
  }

  /**
   * Returns whether a scrolling ancestor shows only a part of the box. The box's neighbours then
   * change with scrolling.
   */
  const scrolledHalf = (start: Element, box: DOMRect): boolean => {
    for (let around = start.parentElement; around !== null; around = around.parentElement) {
      if (!/auto|scroll/.test(getComputedStyle(around).overflowY)) continue;
      const edge = around.getBoundingClientRect();
      // The tolerance is the one of the gap below, so that a cut box never counts as too near.
      if (box.top < edge.top - 0.5 || box.bottom > edge.bottom + 0.5) return true;
    }
    return false;
  };
  // Adjacent controls need a gap, so that a thumb hits only one of them.
  const targets = [...app.querySelectorAll<HTMLElement>(CONTROLS)].flatMap((control) => {
    // The button on the user's own picture lies above the picture's press area.
    const inText =
      control.matches('.inline-link, .swap') || getComputedStyle(control).display === 'inline';
    const target = control.closest('label') ?? control;
    const box = target.getBoundingClientRect();
    if (inText || !shown(control) || scrolledHalf(target, box)) return [];
    return [{ target, box, holder: holderOf(control) }];
  });
  for (const [i, one] of targets.entries()) {
    for (const other of targets.slice(i + 1)) {
      const isOne = one.target.contains(other.target) || other.target.contains(one.target);
      if (isOne || one.holder !== other.holder) continue;
      const across =
        Math.max(one.box.left, other.box.left) - Math.min(one.box.right, other.box.right);
      const down =
        Math.max(one.box.top, other.box.top) - Math.min(one.box.bottom, other.box.bottom);
      // The gap is required only between controls side by side or one above the other, not
      // diagonally.
      const gap = Math.max(across, down);
      if (Math.min(across, down) > -SLACK || gap >= gapMin - 0.5) continue;
      faults.add(`near: ${nameOf(one.target)} and ${nameOf(other.target)}: ${gap.toFixed(1)}`);
    }
  }

  /** Finds the element that covers the upper or lower edge of a control. */
  const hiderOf = (target: Element): Element | null => {
    const { left, width, top, bottom, height } = target.getBoundingClientRect();
    const inset = Math.min(4, height / 4);
    for (const y of [top + inset, bottom - inset]) {
      const hit = document.elementFromPoint(left + width / 2, y);
      if (hit === null || hit.contains(target) || target.contains(hit)) continue;
      if (target.closest('label')?.contains(hit) !== true) return hit;
    }
    return null;
  };
  for (const control of app.querySelectorAll(`.stays :is(${CONTROLS})`)) {
    if (!shown(control)) continue;
    const hider = hiderOf(control);
    if (hider !== null) faults.add(`under what stays: ${nameOf(control)} under ${nameOf(hider)}`);
  }
  // The confirmation of Next must appear where Next was, and never over Stop.
  const asking = app.querySelector('.bar .next.really');
  const stop = asking?.parentElement?.querySelector('.stop') ?? null;
  if (!cardsMayScroll && asking !== null && stop !== null) {
    if (stop.getBoundingClientRect().top > asking.getBoundingClientRect().bottom) {
      faults.add(`under what asks: ${nameOf(stop)} under ${nameOf(asking)}`);
    }
  }
  // Small windows are exempt, because sticky parts would fill half of them at 400 % zoom.
  if (modal?.matches('dialog') === true && innerHeight >= 320) {
    const outs = [...modal.querySelectorAll(':is(.sheet-head, .sheet-foot, .settings-top) .btn')];
    const isInSight = outs.some((out) => {
      const { top, bottom } = out.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight && hiderOf(out) === null;
    });
    if (!isInSight) faults.add(`no way out in sight: ${nameOf(modal)}`);
  }
  // The browser scrolls a focused control only as far as necessary, so no sticky part may cover
  // the control in that position.
  for (const control of app.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (!shown(control) || control.closest('[inert]') !== null) continue;
    control.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    if (control.getBoundingClientRect().height > innerHeight / 2) continue;
    const hider = hiderOf(control);
    if (hider !== null && floats(hider)) {
      faults.add(`focus hidden: ${nameOf(control)} under ${nameOf(hider)}`);
    }
  }
  for (const control of app.querySelectorAll<HTMLElement>(CONTROLS)) {
    if (!shown(control) || control.closest('[inert]') !== null) continue;
    control.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const label = control.closest('label');
    const target = control.matches('[type="checkbox"], [type="radio"]')
      ? (label ?? control)
      : control;
    const [box] = target.getClientRects();
    if (box === undefined) continue;
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const reached =
      hit !== null &&
      (target.contains(hit) || hit.contains(target) || (label !== null && label.contains(hit)));
    if (!reached || (hit.contains(target) && hit !== target && !target.contains(hit))) {
      const hider = hit === null ? 'the edge of the window' : nameOf(hit);
      faults.add(`out of reach: ${nameOf(control)} under ${hider}`);
    }
  }
  for (const element of [documentElement, ...app.querySelectorAll('*')]) {
    if (element.scrollTop !== 0) element.scrollTop = 0;
    if (element.scrollLeft !== 0) element.scrollLeft = 0;
  }
  return [...faults];
}
