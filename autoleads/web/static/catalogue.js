// The pages work without this. It makes photos turn by key and by thumb, counts instalments while one types, passes a
// car on, and remembers, in this browser only, which cars were looked at.
(() => {
  const $ = (selector) => document.querySelector(selector);
  const slug = $('[data-slug]')?.dataset.slug;

  const slides = $('.slides');
  const thumbs = [...document.querySelectorAll('.thumbs a')];
  if (slides) {
    const smooth = matchMedia('(prefers-reduced-motion:no-preference)').matches ? 'smooth' : 'auto';
    const show = (number) => slides.scrollTo({ left: number * slides.clientWidth, behavior: smooth });
    const now = () => Math.round(slides.scrollLeft / slides.clientWidth);
    const mark = () => thumbs.forEach((thumb, number) => {
      if (number === now()) thumb.setAttribute('aria-current', 'true');
      else thumb.removeAttribute('aria-current');
    });
    thumbs.forEach((thumb, number) => thumb.addEventListener('click', (event) => {
      event.preventDefault();
      show(number);
    }));
    slides.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); show(now() + step); }
    });
    let waiting;
    slides.addEventListener('scroll', () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(mark);
    }, { passive: true });
    mark();
  }

  const form = $('.sim');
  if (form) {
    const { price, flat, insurance, admin } = Object.fromEntries(
      Object.entries(form.dataset).map(([name, value]) => [name, Number(value)]));
    const rupiah = (sum) => 'Rp ' + String(sum).replace(/\B(?=(\d{3})+$)/g, '.');
    const read = (text) => {
      const found = /^\s*(?:rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)\s*(jt|juta)?\s*$/i.exec(text);
      if (!found) return NaN;
      const number = Number(found[1].replaceAll('.', '').replace(',', '.'));
      return Math.round(number * (found[2] || number < 1000 ? 1e6 : 1));
    };
    const instalment = (dp, months) => {
      const years = months / 12;
      const financed = price - dp + price * insurance / 100 * years;
      return Math.ceil(Math.round(financed * (1 + flat / 100 * years) / months) / 1000) * 1000;
    };
    const count = () => {
      const dp = read(form.dp.value);
      if (!(dp >= 1e7 && dp < price)) return; // the button asks the server, which says what is wrong
      const chosen = Number(form.tenor.value);
      const tenors = chosen ? [chosen] : [...form.tenor.options].map((one) => Number(one.value)).filter(Boolean);
      $('#hasil tbody').innerHTML = tenors.map((months) =>
        `<tr><td>${months} bulan</td><td><b>${rupiah(instalment(dp, months))}</b></td></tr>`).join('');
      $('#hasil .sub b').textContent = rupiah(dp + admin);
    };
    form.addEventListener('input', count);
  }

  // What is left empty need not stand in the address.
  $('form.filter')?.addEventListener('submit', (event) => {
    for (const one of event.target.elements) if (one.name && !one.value) one.disabled = true;
  });
  addEventListener('pageshow', () => {
    for (const one of $('form.filter')?.elements ?? []) one.disabled = false;
  });

  const share = $('[data-share]');
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener('click', () => {
      navigator.share({ title: document.title, url: $('link[rel=canonical]').href }).catch(() => {});
    });
  }

  const seen = () => {
    try {
      const kept = JSON.parse(localStorage.getItem('dilihat'));
      return Array.isArray(kept) ? kept.filter((one) => /^[a-z0-9-]{1,200}$/.test(one)) : [];
    } catch { return []; }
  };
  const before = seen().filter((one) => one !== slug);
  if (slug) {
    try { localStorage.setItem('dilihat', JSON.stringify([slug, ...before].slice(0, 5))); } catch { /* private mode */ }
  }
  const place = $('#dilihat');
  if (place && before.length) {
    // Only when it is near: the page's own photos come first.
    fetch('/dilihat?mobil=' + before.slice(0, 3).join(',')).then((answer) => answer.ok ? answer.text() : '').then((cards) => {
      if (!cards) return;
      const list = document.createElement('ul');
      list.className = 'grid';
      list.innerHTML = cards;
      place.append(list);
      place.hidden = false;
    }).catch(() => {});
  }
})();
