// LINE's older templates, drawn as the Flex Messages they look like.

const text = (value, more) => ({ type: "text", text: value, wrap: true, ...more });
const button = (action) => ({ type: "button", style: "link", height: "sm", action });
const vertical = (contents, more) => ({ type: "box", layout: "vertical", contents, ...more });

function panel(given) {
  const words = [given.title && text(given.title, { weight: "bold" }), text(given.text ?? "", { size: "sm", margin: "sm" })];
  return { type: "bubble", size: "kilo", body: vertical(words.filter(Boolean)), footer: vertical(given.actions.map(button)) };
}

function confirm(given) {
  const buttons = { type: "box", layout: "horizontal", contents: given.actions.map(button) };
  return { type: "bubble", size: "kilo", body: vertical([text(given.text ?? "")]), footer: buttons };
}

export function asFlex(template) {
  if (template.type === "confirm") return confirm(template);
  if (template.type === "carousel") return { type: "carousel", contents: template.columns.map(panel) };
  if (template.type === "image_carousel") {
    return { type: "carousel", contents: template.columns.map(({ action }) => panel({ text: "圖片", actions: [action] })) };
  }
  return panel(template);
}
