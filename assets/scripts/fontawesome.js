// In the place of the theme's script of the same name, 1.5 MB that replace its icons by pictures:
// the theme's style shows them by its icon font already. To a screen reader they say nothing.
for (const icon of document.querySelectorAll("i[class*='fa-']")) icon.setAttribute("aria-hidden", "true");
