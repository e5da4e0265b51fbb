// What an eye and a finger meet on a page; run inside the page, returns the faults as lines.
({ least, contrast }) => {
  const faults = [];
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0 && getComputedStyle(element).visibility !== "hidden"
      && !element.closest(".unseen, .skip");
  };
  const channels = (colour) => {
    const found = colour.match(/[\d.]+/g).map(Number);
    return [found[0], found[1], found[2], found.length > 3 ? found[3] : 1];
  };
  const blend = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      layers.push(channels(style.backgroundColor));
      const gradient = style.backgroundImage.match(/rgba?\([^)]*\)/);
      if (gradient) layers.push(channels(gradient[0]));
    }
    return layers.reverse().reduce((under, top) => blend(top, under), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const parts = colour.slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !isShown(element)) continue;
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) < least) faults.push(`small ${style.fontSize}: ${text}`);
    const under = ground(element);
    const [a, b] = [light(blend(channels(style.color), under)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < contrast) faults.push(`faint ${ratio.toFixed(2)}: ${text}`);
  }
  for (const element of document.querySelectorAll("a, button, select, textarea, summary, input:not([type=hidden])")) {
    // A link inside a sentence may be as high as its line.
    if (!isShown(element) || getComputedStyle(element).display === "inline") continue;
    // A box to tick is pressed anywhere on its words.
    const pressed = ["checkbox", "radio"].includes(element.type) ? element.closest("label") || element : element;
    const box = pressed.getBoundingClientRect();
    if (box.height < 43.9) faults.push(`low ${box.height.toFixed(1)}: ${element.textContent.trim() || element.name}`);
  }
  return faults;
}
