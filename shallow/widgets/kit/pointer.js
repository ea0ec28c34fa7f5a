/** What a finger, a pen or a mouse does to an element: one rule for handles, plots and sketches. */

const SLOP = 4; // px that a finger may tremble without moving anything

/**
 * @typedef {Object} Pressing
 * @property {(event: PointerEvent) => void} [down] the press, which may still become a swipe that scrolls: change nothing
 * @property {(event: PointerEvent, first: boolean) => void} [drag] each move of a press that has become a drag
 * @property {(event: PointerEvent) => void} [tap] the release of a press that has not moved
 * @property {() => void} [end] the end of a press, however it ends
 * @property {() => boolean} [upright] whether a drag may begin up or down, where a page would scroll
 */

/**
 * Follow one finger, or the primary button, from its press on an element to its release.
 * A finger that sets out along the page is the browser's, which scrolls: it moves nothing.
 * @param {Element} element
 * @param {Pressing} on
 * @param {AbortSignal} [signal]
 */
export function follow(element, { down, drag, tap, end, upright = () => false }, signal) {
  let pressed = null; // the press that is followed
  const isOurs = (event) => pressed?.id === event.pointerId;
  const listen = (name, listener) => element.addEventListener(name, listener, { signal });

  listen("pointerdown", (/** @type {PointerEvent} */ event) => {
    if (!event.isPrimary || event.button !== 0) return;
    pressed = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false };
    element.setPointerCapture(event.pointerId);
    down?.(event);
  });
  listen("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!isOurs(event)) return;
    const first = !pressed.moved;
    if (first) {
      const [across, along] = [Math.abs(event.clientX - pressed.x), Math.abs(event.clientY - pressed.y)];
      const free = event.pointerType === "mouse" || upright();
      if (Math.max(across, along) < SLOP || (!free && along > across)) return;
      pressed.moved = true;
    }
    drag?.(event, first);
  });
  const release = (event, tapped) => {
    if (!isOurs(event)) return;
    const { moved } = pressed;
    pressed = null;
    if (tapped && !moved) tap?.(event);
    end?.();
  };
  listen("pointerup", (/** @type {PointerEvent} */ event) => release(event, nearby(event, pressed)));
  listen("pointercancel", (/** @type {PointerEvent} */ event) => release(event, false));
  listen("lostpointercapture", (/** @type {PointerEvent} */ event) => release(event, false));
}

/** Whether a release is still where the press was. */
function nearby(event, pressed) {
  return pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 2 * SLOP;
}
