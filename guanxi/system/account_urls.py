"""Signing in and out, and what belongs to the person."""

from django.urls import path

from guanxi.system import account, signing

app_name = "account"
urlpatterns = [
    path("login/", signing.SignInPage.as_view(), name="login"),
    path("logout/", signing.sign_out, name="logout"),
    path("language/", signing.choose_language, name="language"),
    path("account/profile/", account.ProfilePage.as_view(), name="profile"),
    path("account/password/", account.PasswordPage.as_view(), name="password"),
    path("account/sessions/", account.SessionsPage.as_view(), name="sessions"),
    path("account/sessions/end/", account.end_others, name="sessions-end"),
    path("account/sessions/<slug:key_hash>/end/", account.end_one, name="session-end"),
]
