// LINE's words for sizes, as CSS. Lengths in pixels or per cent pass through; anything else is left out.

export const TEXT_SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const SPACES = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const CORNERS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };
const IMAGES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
export const BUBBLES = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 340 };
const COLOUR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;
const LENGTH = /^\d+(\.\d+)?(px|%)$/;
const ASIDE = { start: "flex-start", center: "center", end: "flex-end" };
const JUSTIFY = { ...ASIDE, "flex-start": "flex-start", "flex-end": "flex-end", "space-between": "space-between", "space-around": "space-around", "space-evenly": "space-evenly" };
const GRAVITY = { top: "flex-start", center: "center", bottom: "flex-end" };

export const colour = (value) => (COLOUR.test(value ?? "") ? value : undefined);

function length(value, words) {
  if (value in words) return `${words[value]}px`;
  return LENGTH.test(value ?? "") ? value : undefined;
}

export const space = (value) => length(value ?? "", SPACES);
export const textSize = (value) => length(value ?? "md", TEXT_SIZES);

// With "scaling" a text follows the size that the person chose on the phone.
function scaled(size, isScaling) {
  return isScaling ? `calc(${size} * var(--text-scale))` : size;
}

export const imageWidth = (value) => (value === "full" ? "100%" : length(value ?? "md", IMAGES));

// Where a component stands in its box: its share, its distance from the one before, its offsets.
export function placeIn(element, component, box, isFirst) {
  const isRow = box.layout === "horizontal" || box.layout === "baseline";
  const isRigid = ["separator", "icon", "spacer"].includes(component.type) || component.width !== undefined;
  const share = component.flex ?? (component.type === "filler" ? 1 : isRow && !isRigid ? 1 : 0);
  element.style.flex = share === 0 ? "0 0 auto" : isRow ? `${share} 0 0` : `${share} 0 auto`;
  const gap = isFirst ? undefined : space(component.margin ?? box.spacing);
  if (gap) element.style[isRow ? "marginLeft" : "marginTop"] = gap;
  if (isRow && component.gravity) element.style.alignSelf = GRAVITY[component.gravity];
  for (const side of ["Top", "Bottom", "Start", "End"]) place(element, component, side);
  if (component.position === "absolute") element.style.position = "absolute";
}

function place(element, component, side) {
  const value = space(component[`offset${side}`]);
  if (value === undefined) return;
  element.style.position ||= "relative";
  element.style[{ Top: "top", Bottom: "bottom", Start: "left", End: "right" }[side]] = value;
}

export function boxStyle(element, box) {
  const style = element.style;
  style.flexDirection = box.layout === "vertical" ? "column" : "row";
  if (box.layout === "baseline") style.alignItems = "baseline";
  if (box.justifyContent) style.justifyContent = JUSTIFY[box.justifyContent] ?? "";
  if (box.alignItems) style.alignItems = JUSTIFY[box.alignItems] ?? "";
  for (const side of ["width", "height", "maxWidth", "maxHeight"]) style[side] = length(box[side] ?? "", {}) ?? "";
  const all = space(box.paddingAll);
  if (all) style.padding = all;
  for (const [name, side] of [["Top", "Top"], ["Bottom", "Bottom"], ["Start", "Left"], ["End", "Right"]]) {
    const value = space(box[`padding${name}`]);
    if (value) style[`padding${side}`] = value;
  }
  surface(style, box);
}

function surface(style, box) {
  const gradient = box.background;
  if (colour(box.backgroundColor)) style.backgroundColor = box.backgroundColor;
  if (gradient?.type === "linearGradient" && colour(gradient.startColor) && colour(gradient.endColor)) {
    const angle = /^\d+(\.\d+)?deg$/.test(gradient.angle ?? "") ? gradient.angle : "0deg";
    style.backgroundImage = `linear-gradient(${angle}, ${gradient.startColor}, ${gradient.endColor})`;
  }
  const border = length(box.borderWidth ?? "", BORDERS);
  if (border) style.border = `${border} solid ${colour(box.borderColor) ?? "#d4d6da"}`;
  const corner = length(box.cornerRadius ?? "", CORNERS);
  if (corner) { style.borderRadius = corner; style.overflow = "hidden"; }
}

export function textStyle(element, text) {
  const style = element.style;
  if (text.size || element.classList.contains("f-text")) style.fontSize = scaled(textSize(text.size) ?? textSize("md"), text.scaling);
  if (text.weight === "bold") style.fontWeight = "700";
  if (text.style === "italic") style.fontStyle = "italic";
  if (colour(text.color)) style.color = text.color;
  if (text.decoration && text.decoration !== "none") style.textDecoration = text.decoration;
}
