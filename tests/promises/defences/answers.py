"""What every answer carries, and which requests get none: headers, cookies, forged forms, foreign hosts."""

from tests.promises.defences.defence import Cut, Defence, defence

SIGNING = "system/test_signing.py::"
HEADERS = "config/test_headers.py::"
SAFE = HEADERS + "test_every_answer_carries_the_safe_headers"
POLICY = HEADERS + "test_the_content_policy_is_strict_on_every_answer"

ALL: list[Defence] = [
    defence(
        "Forged forms are refused",
        "config/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n',
        "",
        SIGNING + "TestTheDoor::test_a_forged_form_is_refused",
    ),
    defence(
        "No way leads off the site",
        "web/acts.py",
        "return url if allowed else fallback",
        "return url or fallback",
        SIGNING + "TestNext::test_no_way_leads_off_the_site",
    ),
    defence(
        "Unknown hosts are refused",
        "config/environment.py",
        'named = env.words("GUANXI_HOSTS") or ["localhost",',
        'named = env.words("GUANXI_HOSTS") or ["*", "localhost",',
        "config/test_environment.py::test_defaults_are_safe",
    ),
    defence(
        "Content-Security-Policy",
        "config/settings.py",
        '    "csp.middleware.CSPMiddleware",\n',
        "",
        POLICY,
    ),
    defence(
        "No script but our files'",
        "config/settings.py",
        '["\'self\'"],\n        "style-src"',
        '["\'self\'", "\'unsafe-inline\'"],\n        "style-src"',
        POLICY,
    ),
    defence(
        "No page of others frames ours",
        "config/settings.py",
        '        "frame-ancestors": ["\'none\'"],\n',
        "",
        POLICY,
    ),
    defence(
        "X-Frame-Options", "config/settings.py", 'X_FRAME_OPTIONS = "DENY"', 'X_FRAME_OPTIONS = "SAMEORIGIN"', SAFE
    ),
    defence(
        "nosniff",
        "config/middleware.py",
        '    response.headers.setdefault("X-Content-Type-Options", "nosniff")\n',
        "",
        SAFE,
        also=(
            Cut(
                "guanxi/config/settings.py",
                'X_FRAME_OPTIONS = "DENY"\n',
                'X_FRAME_OPTIONS = "DENY"\nSECURE_CONTENT_TYPE_NOSNIFF = False\n',
            ),
        ),
    ),
    defence(
        "Referrer-Policy",
        "config/settings.py",
        'SECURE_REFERRER_POLICY = "same-origin"',
        'SECURE_REFERRER_POLICY = "unsafe-url"',
        SAFE,
    ),
    defence(
        "no-store",
        "config/settings.py",
        '    "guanxi.config.middleware.NoStore",\n',
        "",
        HEADERS + "test_what_is_about_people_is_kept_by_no_cache",
    ),
    defence(
        "Strict-Transport-Security",
        "config/settings.py",
        '    "django.middleware.security.SecurityMiddleware",\n',
        "",
        HEADERS + "test_by_https_browsers_remember_it_for_a_year",
    ),
    defence(
        "Cookies are not for scripts",
        "config/settings.py",
        "SESSION_COOKIE_HTTPONLY = True",
        "SESSION_COOKIE_HTTPONLY = False",
        HEADERS + "test_cookies_are_for_this_site_alone_and_not_for_scripts",
    ),
    defence(
        "No neighbour plants a look",
        "system/looks.py",
        'cookie = f"{settings.COOKIE_PREFIX}guanxi_{name}"',
        'cookie = f"guanxi_{name}"',
        HEADERS + "test_looks_are_kept_for_this_site_alone_too",
    ),
    defence(
        "Nor one that scripts read",
        "web/static/guanxi/boot.js",
        "${root.dataset.cookies}guanxi_${name}=",
        "guanxi_${name}=",
        "web/test_styleguide.py::test_theme_density_and_menu_stay_as_chosen",
    ),
    defence(
        "No answer is shared with other sites",
        "config/settings.py",
        "WHITENOISE_ALLOW_ALL_ORIGINS = False",
        "WHITENOISE_ALLOW_ALL_ORIGINS = True",
        HEADERS + "test_nothing_is_shared_with_other_sites",
    ),
]
