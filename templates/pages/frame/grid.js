// Makes the councils' table quicker for the keyboard; everything works without it.
"use strict";
const form = document.querySelector("form.rows");
const column = cell => [...form.querySelectorAll(`[data-column="${cell.dataset.column}"]`)];
const TEXTS = ["meets_on", "on", "source"];

form.addEventListener("keydown", event => {
  const cell = event.target, name = cell.dataset.column;
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
  if (!name || !step || event.altKey || event.ctrlKey || event.metaKey || (name === "event" && event.key !== "Enter")) return;
  event.preventDefault();
  const cells = column(cell), next = cells[cells.indexOf(cell) + step];
  if (next) { next.focus(); if (next.select) next.select(); }
});

// A block pasted in a cell fills the cells below it and to its right; one with the councils' names is read by the server.
form.addEventListener("paste", event => {
  const cell = event.target, text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
  if (!TEXTS.includes(cell.dataset.column) || !/[\n\t]/.test(text)) return;
  event.preventDefault();
  if (/^\s*(?:\D*[a-zæøå]{4,}\D*[\t;]|\d{3,4}\t)/i.test(text) && !/^\s*(?:man|tirs|ons|tors|fre|lør|søn)/i.test(text)) {
    const block = document.getElementById("block");
    block.value = block.value ? `${block.value}\n${text}` : text;
    block.focus();
    return;
  }
  const first = column(cell).indexOf(cell), from = TEXTS.indexOf(cell.dataset.column);
  text.split("\n").forEach((line, down) => line.split("\t").forEach((said, right) => {
    const target = TEXTS[from + right] && form.querySelectorAll(`[data-column="${TEXTS[from + right]}"]`)[first + down];
    if (target) target.value = said.trim();
  }));
});

let last = null;
form.addEventListener("click", event => {
  if (event.target.id === "kryds-alle") {
    event.preventDefault();
    form.querySelectorAll('[data-column="tick"]').forEach(box => { box.checked = box.hasAttribute("data-open"); });
    form.querySelector('[data-column="tick"]').focus();
  } else if (event.target.dataset.column === "tick") {
    const boxes = column(event.target), now = boxes.indexOf(event.target);
    if (event.shiftKey && last !== null) {
      boxes.slice(Math.min(last, now), Math.max(last, now) + 1).forEach(box => { box.checked = event.target.checked; });
    }
    last = now;
  }
});
